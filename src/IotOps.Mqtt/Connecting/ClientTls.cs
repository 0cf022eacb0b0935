using System.Net.Security;
using IotOps.Shared;

namespace IotOps.Mqtt.Connecting;

/// <summary>TLS as <see cref="MqttTlsOptions"/> wants it; files are read when it is asked for.</summary>
internal static class ClientTls
{
    private const int AlpnPort = 443;
    private const string AwsProtocol = "x-amzn-mqtt-ca";

    public static string? Wrong(MqttTlsOptions options) => options switch
    {
        { Certificate: not null, CertificateFile: not null } => "Give Tls.Certificate or Tls.CertificateFile, not both.",
        { PfxFile: not null, CertificateFile: not null } or { PfxFile: not null, Certificate: not null } => "Give Tls.PfxFile alone: it holds certificate and key.",
        { CertificateFile: not null, PrivateKeyFile: null, PrivateKeyUri: null } => "Tls.CertificateFile needs Tls.PrivateKeyFile or Tls.PrivateKeyUri beside it.",
        { PrivateKeyFile: not null, PrivateKeyUri: not null } => "Give Tls.PrivateKeyFile or Tls.PrivateKeyUri, not both.",
        { CertificateFile: null, PrivateKeyFile: not null } => "Tls.PrivateKeyFile needs Tls.CertificateFile beside it.",
        { CertificateFile: null, PrivateKeyUri: not null } => "Tls.PrivateKeyUri needs Tls.CertificateFile beside it.",
        { PrivateKeyUri: { } uri } when !uri.StartsWith(TokenKey.Scheme, StringComparison.Ordinal) => "Tls.PrivateKeyUri must begin with pkcs11: (RFC 7512).",
        { PassPhrase: not null, PassPhraseFile: not null } => "Give Tls.PassPhrase or Tls.PassPhraseFile, not both.",
        { PassPhrase: not null, PrivateKeyFile: null, PfxFile: null } => "Tls.PassPhrase is for Tls.PrivateKeyFile or Tls.PfxFile.",
        { PassPhraseFile: not null, PrivateKeyFile: null, PfxFile: null } => "Tls.PassPhraseFile is for Tls.PrivateKeyFile or Tls.PfxFile.",
        { Certificate.HasPrivateKey: false } => "Tls.Certificate has no private key.",
        _ => null,
    };

    /// <summary>As <see cref="CreateFor"/>, with the protocol that AWS IoT Core wants on a port.</summary>
    public static SslClientAuthenticationOptions Create(MqttTlsOptions options, string host, int port, bool isTransient) =>
        CreateFor(options, host, options.ApplicationProtocol ?? (port == AlpnPort ? AwsProtocol : null), isTransient);

    /// <param name="options">Who connects, and whom to trust.</param>
    /// <param name="host">Sent as SNI.</param>
    /// <param name="protocol">Asked for by ALPN; null for none.</param>
    /// <param name="isTransient">Whether a file that cannot be used now may be there later: rotation replaces files that were good once.</param>
    /// <exception cref="MqttException">A file is missing, or not what it should be.</exception>
    public static SslClientAuthenticationOptions CreateFor(MqttTlsOptions options, string host, string? protocol, bool isTransient)
    {
        var pem = new PemCertificates((message, cause) => new MqttException(message, cause) { IsTransient = isTransient });
        return new()
        {
            TargetHost = host,
            ClientCertificateContext = ClientCertificate(options, pem, isTransient),
            CertificateChainPolicy = options.CaFile is { } file ? pem.Trust(file) : null,
            RemoteCertificateValidationCallback = ServerCertificate.Check,
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        };
    }

    // Null authenticates without a certificate.
    private static SslStreamCertificateContext? ClientCertificate(MqttTlsOptions options, PemCertificates pem, bool isTransient) => options switch
    {
        { Certificate: { } given } => PemCertificates.Client(given),
        { PfxFile: { } file } => pem.ClientPfx(file, PassPhrase(options, isTransient)),
        { CertificateFile: { } file, PrivateKeyUri: { } uri } => pem.Client(file, certificate => TokenKey.With(certificate, uri)),
        { CertificateFile: { } file } => pem.Client(file, options.PrivateKeyFile!, PassPhrase(options, isTransient)),
        _ => null,
    };

    private static string? PassPhrase(MqttTlsOptions options, bool isTransient)
    {
        if (options.PassPhraseFile is not { } file)
        {
            return options.PassPhrase;
        }

        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MqttException($"Tls.PassPhraseFile {file} cannot be read: {e.Message}", e) { IsTransient = isTransient };
        }
    }
}
