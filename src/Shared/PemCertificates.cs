using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Shared;

/// <summary>Certificates for mutual TLS from PEM files, which are read at each call: a rotated certificate is used from the next connection on.</summary>
/// <param name="error">Makes the exception of a file that is missing or not what it should be, of a message and a cause.</param>
internal sealed class PemCertificates(Func<string, Exception?, Exception> error)
{
    /// <summary>A client's own certificate, given as an object.</summary>
    public static SslStreamCertificateContext Client(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

    /// <summary>A client's own certificate, its private key, and the intermediate certificates that follow it in its file.</summary>
    public SslStreamCertificateContext Client(string certificateFile, string privateKeyFile)
    {
        X509Certificate2Collection chain = Read(certificateFile);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(WithKey(certificateFile, privateKeyFile), chain, offline: true);
    }

    /// <summary>Trusts the roots of one file, and no others.</summary>
    public X509ChainPolicy Trust(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Read(caFile));
        return policy;
    }

    private X509Certificate2 WithKey(string certificateFile, string keyFile)
    {
        string key = ReadText(keyFile);
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw error($"The private key in {keyFile} is encrypted; store it without a pass phrase, readable by the agent alone.", null);
        }

        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(ReadText(certificateFile), key);
            return OperatingSystem.IsWindows() ? Persisted(certificate) : certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw error($"{keyFile} is not the private key of the certificate in {certificateFile}: {e.Message}", e);
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

    private X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(file));
        }
        catch (CryptographicException e)
        {
            throw error($"{file} holds no usable PEM certificate: {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw error($"{file} holds no PEM certificate (-----BEGIN CERTIFICATE-----).", null);
    }

    private string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw error($"{file} cannot be read: {e.Message}", e);
        }
    }
}
