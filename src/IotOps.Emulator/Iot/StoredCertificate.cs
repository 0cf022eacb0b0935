namespace IotOps.Emulator.Iot;

/// <summary>A certificate that the registry knows.</summary>
/// <param name="Id">Its SHA-256 fingerprint in lower-case hexadecimal.</param>
/// <param name="Pem">The certificate.</param>
/// <param name="Status">As the API writes it: ACTIVE, INACTIVE, REVOKED.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="ModifiedAt">When its status changed.</param>
/// <param name="Version">1, and one more with each change.</param>
internal sealed record StoredCertificate(string Id, string Pem, string Status, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, int Version)
{
    public const string Active = "ACTIVE";
    public const string Inactive = "INACTIVE";
    public const string Revoked = "REVOKED";

    public bool IsActive => Status == Active;
}
