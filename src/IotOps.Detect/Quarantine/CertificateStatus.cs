namespace IotOps.Detect.Quarantine;

/// <summary>The statuses that certificates are given, as the API writes them.</summary>
internal static class CertificateStatus
{
    public const string Active = "ACTIVE";
    public const string Inactive = "INACTIVE";
    public const string Revoked = "REVOKED";
}
