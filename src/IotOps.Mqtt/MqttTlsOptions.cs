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

    /// <summary>
    /// PEM file with the certificate's private key; an encrypted one (PKCS#8) needs <see cref="PassPhrase"/> or <see cref="PassPhraseFile"/>.
    /// Like every file here that holds a secret, a warning names it once when others than its owner may read it.
    /// </summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>
    /// PKCS#11 URI (RFC 7512) of the private key in a token, instead of <see cref="PrivateKeyFile"/>; the key never leaves the token. On Linux, by
    /// OpenSSL's PKCS#11 provider or engine (Debian: pkcs11-provider, libengine-pkcs11-openssl):
    /// <c>pkcs11:token=iot;object=device;type=private?pin-source=file:/etc/iot/pin</c>.
    /// </summary>
    public string? PrivateKeyUri { get; init; }

    /// <summary>PKCS#12 file (.pfx, .p12) with certificate, chain and private key, instead of the files above.</summary>
    public string? PfxFile { get; init; }

    /// <summary>Opens <see cref="PfxFile"/> or an encrypted <see cref="PrivateKeyFile"/>; never logged.</summary>
    public string? PassPhrase { get; init; }

    /// <summary>File that holds the pass phrase and nothing else but an end of line, instead of <see cref="PassPhrase"/>.</summary>
    public string? PassPhraseFile { get; init; }

    /// <summary>The client certificate with its private key, instead of files. It stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// PEM file with the roots that may sign the broker's certificate; null, the default, trusts what the system trusts. For AWS IoT Core it needs
    /// Amazon Root CA 1 to 4 and Starfield G2, because RSA and ECDSA chains end at different ones
    /// (https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html).
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// The protocol asked for by ALPN. Null asks for <c>x-amzn-mqtt-ca</c> on port 443, as AWS IoT Core wants it with a client certificate,
    /// and for none elsewhere. A custom authoriser on port 443 wants <c>mqtt</c>.
    /// See https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html.
    /// </summary>
    public string? ApplicationProtocol { get; init; }

    // The compiler's own would print the pass phrase, and a PIN in the key's URI.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("CertificateFile = ").Append(CertificateFile).Append(", PfxFile = ").Append(PfxFile).Append(", CaFile = ").Append(CaFile);
        return true;
    }
}
