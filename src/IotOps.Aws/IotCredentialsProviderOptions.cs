using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Aws;

/// <summary>
/// Which role alias a device takes its AWS credentials from, and the certificate that it shows for them. Give either
/// <see cref="CertificateFile"/> with <see cref="PrivateKeyFile"/>, or <see cref="Certificate"/>.
/// </summary>
public sealed record IotCredentialsProviderOptions
{
    /// <summary>
    /// The account's credentials endpoint, <c>https://{prefix}.credentials.iot.{region}.amazonaws.com</c>: what
    /// <c>aws iot describe-endpoint --endpoint-type iot:CredentialProvider</c> prints. With FIPS it is
    /// <c>https://data.credentials.iot-fips.{region}.amazonaws.com</c>, where the region has one.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Role alias in AWS IoT that points to the IAM role.</summary>
    public required string RoleAlias { get; init; }

    /// <summary>The thing that the certificate is attached to; needed where policies use thing variables. Null sends none.</summary>
    public string? ThingName { get; init; }

    /// <summary>Device certificate, PEM; intermediate certificates may follow it. Read again at every refresh, so that a rotated one is taken up.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Private key of the certificate, PEM, not encrypted: EC or RSA.</summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>Device certificate with its private key, from a store or a secure element. Stays the caller's to dispose.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Root certificates, PEM, to trust instead of the system's; null takes <c>AWS_CA_BUNDLE</c>, then <c>ca_bundle</c> of the profile, then the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long before they expire credentials are replaced; half their lifetime where that is shorter. 20 min by default.</summary>
    public TimeSpan RefreshBefore { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Longest wait for the endpoint, the TLS handshake included. 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clock of expiry and of waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the provider logs. Never credentials.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
