using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Mqtt.Connecting;

/// <summary>TLS as <see cref="MqttTlsOptions"/> wants it; files are read when it is asked for.</summary>
internal static class ClientTls
{
    private const int AlpnPort = 443;
    private const string AwsProtocol = "x-amzn-mqtt-ca";

    public static string? Wrong(MqttTlsOptions options) => options switch
    {
        { Certificate: not null, CertificateFile: not null } => "Give Tls.Certificate or Tls.CertificateFile, not both.",
        { CertificateFile: not null, PrivateKeyFile: null } => "Tls.CertificateFile needs Tls.PrivateKeyFile beside it.",
        { CertificateFile: null, PrivateKeyFile: not null } => "Tls.PrivateKeyFile needs Tls.CertificateFile beside it.",
        { Certificate.HasPrivateKey: false } => "Tls.Certificate has no private key.",
        _ => null,
    };

    /// <exception cref="MqttException">A file is missing, or not what it should be.</exception>
    public static SslClientAuthenticationOptions Create(MqttTlsOptions options, string host, int port) =>
        Create(options, host, options.ApplicationProtocol ?? (port == AlpnPort ? AwsProtocol : null));

    /// <param name="options">Who connects, and whom to trust.</param>
    /// <param name="host">Sent as SNI.</param>
    /// <param name="protocol">Asked for by ALPN; null for none.</param>
    /// <exception cref="MqttException">A file is missing, or not what it should be.</exception>
    public static SslClientAuthenticationOptions Create(MqttTlsOptions options, string host, string? protocol) => new()
    {
        TargetHost = host,
        ClientCertificateContext = ClientCertificate(options),
        CertificateChainPolicy = Trust(options),
        ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
    };

    // Null trusts what the system trusts.
    private static X509ChainPolicy? Trust(MqttTlsOptions options)
    {
        if (options.CaFile is not { } file)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(ReadPem(file));
        return policy;
    }

    private static SslStreamCertificateContext? ClientCertificate(MqttTlsOptions options)
    {
        if (options.Certificate is { } given)
        {
            return SslStreamCertificateContext.Create(given, additionalCertificates: null, offline: true);
        }

        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        X509Certificate2Collection chain = ReadPem(file);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(WithKey(file, options.PrivateKeyFile!), chain, offline: true);
    }

    private static X509Certificate2 WithKey(string certificateFile, string keyFile)
    {
        string key = ReadText(keyFile);
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw Error($"The private key in {keyFile} is encrypted; store it without a pass phrase, readable by the agent alone.");
        }

        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(ReadText(certificateFile), key);
            return OperatingSystem.IsWindows() ? Persisted(certificate) : certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Error($"{keyFile} is not the private key of the certificate in {certificateFile}: {e.Message}", e);
        }
    }

    // Windows' TLS does not take a key that lives in memory only.
    private static X509Certificate2 Persisted(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private static X509Certificate2Collection ReadPem(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(file));
        }
        catch (CryptographicException e)
        {
            throw Error($"{file} holds no usable PEM certificate: {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw Error($"{file} holds no PEM certificate (-----BEGIN CERTIFICATE-----).");
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error($"{file} cannot be read: {e.Message}", e);
        }
    }

    // Transient: provisioning or rotation may put the file there later.
    private static MqttException Error(string message, Exception? inner = null) => new(message, inner) { IsTransient = true };
}
