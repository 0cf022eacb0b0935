using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Aws.Credentials;

/// <summary>Mutual TLS with a device's certificate.</summary>
internal sealed class DeviceTls
{
    private readonly IotCredentialsProviderOptions _options;

    public DeviceTls(IotCredentialsProviderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string? wrong = options switch
        {
            { Endpoint: not { IsAbsoluteUri: true, Scheme: "https" } } =>
                $"Endpoint must be an https URL, but is '{options.Endpoint}'.",
            _ when !IsRoleAlias(options.RoleAlias) =>
                $"RoleAlias must be 1 to 128 letters, digits or any of _ = , @ -, but is '{options.RoleAlias}'.",
            { Certificate: not null, CertificateFile: not null } => "Give Certificate or CertificateFile, not both.",
            { Certificate: null, CertificateFile: null } => "Give CertificateFile with PrivateKeyFile, or Certificate.",
            { CertificateFile: not null, PrivateKeyFile: null } => "CertificateFile needs PrivateKeyFile beside it.",
            { Certificate.HasPrivateKey: false } => "Certificate has no private key.",
            _ when options.Timeout <= TimeSpan.Zero => "Timeout must be longer than zero.",
            _ when options.RefreshBefore < TimeSpan.Zero => "RefreshBefore cannot be negative.",
            _ => null,
        };
        _options = wrong is null ? options : throw new ArgumentException(wrong, nameof(options));
    }

    /// <summary>A transport with the certificate as it is now. The files are read here.</summary>
    /// <exception cref="DeviceCertificateException">A file is missing, or not what it should be.</exception>
    public HttpMessageHandler Connect()
    {
        var tls = new SslClientAuthenticationOptions
        {
            // SNI: the endpoint serves many accounts and needs to know which.
            TargetHost = _options.Endpoint.IdnHost,
            ClientCertificateContext = ClientCertificate(),
        };
        if (_options.CaFile is { } caFile)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(ReadPem(caFile));
            tls.CertificateChainPolicy = policy;
        }

        return new SocketsHttpHandler
        {
            SslOptions = tls,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
    }

    private static bool IsRoleAlias(string? alias) =>
        alias is { Length: >= 1 and <= 128 } && alias.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '=' or ',' or '@' or '-');

    private SslStreamCertificateContext ClientCertificate()
    {
        if (_options.Certificate is { } given)
        {
            return SslStreamCertificateContext.Create(given, additionalCertificates: null, offline: true);
        }

        string certificateFile = _options.CertificateFile!;
        X509Certificate2Collection chain = ReadPem(certificateFile);
        X509Certificate2 leaf = WithKey(certificateFile, _options.PrivateKeyFile!);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static X509Certificate2 WithKey(string certificateFile, string keyFile)
    {
        string key = ReadText(keyFile);
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new DeviceCertificateException($"The private key in {keyFile} is encrypted; store it without a pass phrase, readable by the agent alone.");
        }

        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(ReadText(certificateFile), key);
            return OperatingSystem.IsWindows() ? Persisted(certificate) : certificate;
        }
        catch (CryptographicException e)
        {
            throw new DeviceCertificateException($"{keyFile} is not the private key of the certificate in {certificateFile}: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new DeviceCertificateException($"{keyFile} is not the private key of the certificate in {certificateFile}: {e.Message}", e);
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
            throw new DeviceCertificateException($"{file} holds no usable PEM certificate: {e.Message}", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new DeviceCertificateException($"{file} holds no PEM certificate (-----BEGIN CERTIFICATE-----).");
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeviceCertificateException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
