namespace IotOps.Detect;

/// <summary>A certificate of the thing, as the plan found it.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status">ACTIVE, INACTIVE, REVOKED and what else AWS IoT names.</param>
/// <param name="Policies">The policies that are attached to it, by name.</param>
/// <param name="OtherThings">Other things that it is attached to: they lose their access too.</param>
public sealed record QuarantinedCertificate(string Arn, string Status, IReadOnlyList<string> Policies, IReadOnlyList<string> OtherThings)
{
    /// <summary>The certificate id: 64 hexadecimal digits.</summary>
    public string Id => Arn[(Arn.LastIndexOf('/') + 1)..];
}
