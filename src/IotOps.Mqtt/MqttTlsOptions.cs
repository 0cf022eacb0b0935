using System.Security.Cryptography.X509Certificates;

namespace IotOps.Mqtt;

/// <summary>
/// TLS with or without a client certificate. The host name is sent as SNI, which AWS IoT Core requires. Files are read at every attempt, so
/// that a rotated certificate is used from the next connection on.
/// </summary>
public sealed record MqttTlsOptions
{
    /// <summary>PEM file with the client certificate, and what chain belongs to it after it.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the certificate's private key, not encrypted.</summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>The client certificate with its private key, instead of the two files. It stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>PEM file with the roots that may sign the broker's certificate; null trusts what the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// The protocol asked for by ALPN. Null asks for <c>x-amzn-mqtt-ca</c> on port 443, as AWS IoT Core wants it with a client certificate,
    /// and for none elsewhere. A custom authoriser on port 443 wants <c>mqtt</c>.
    /// See https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html.
    /// </summary>
    public string? ApplicationProtocol { get; init; }
}
