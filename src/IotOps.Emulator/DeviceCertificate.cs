namespace IotOps.Emulator;

/// <summary>A certificate that the emulator knows as a device's, and its key.</summary>
/// <param name="ThingName">The thing it is attached to.</param>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKeyPem">Its private key: EC P-256, PKCS#8, not encrypted.</param>
/// <param name="CertificateId">SHA-256 fingerprint in lower-case hexadecimal, which AWS IoT calls the certificate id.</param>
public sealed record DeviceCertificate(string ThingName, string CertificatePem, string PrivateKeyPem, string CertificateId)
{
    /// <summary>Without the key: this record ends up in test output.</summary>
    public override string ToString() => $"certificate {CertificateId} of {ThingName}";
}
