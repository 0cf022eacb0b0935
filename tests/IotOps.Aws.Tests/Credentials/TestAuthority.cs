using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Aws.Tests.Credentials;

/// <summary>A certificate authority of a test's own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _serial;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test Root", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Root = request.CreateSelfSigned(From, To);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Server(string dnsName, DateTimeOffset? from = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = Sign(request, from);
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes a device's certificate and key as PEM, as AWS IoT hands them out.</summary>
    public void WriteDevice(string name, string certificateFile, string keyFile, bool rsa = false)
    {
        using var ecKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaKey = RSA.Create(2048);
        CertificateRequest request = rsa
            ? new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ecKey, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = Sign(request);
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, rsa ? rsaKey.ExportRSAPrivateKeyPem() : ecKey.ExportECPrivateKeyPem());
    }

    public void Dispose()
    {
        Root.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset? from = null)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        return request.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from ?? From, To, [1, (byte)++_serial]);
    }
}
