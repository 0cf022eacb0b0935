using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.Iot;

/// <summary>A root certificate that lives as long as the emulator, and what it signs. Thread-safe.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const int SerialBytes = 16;

    // TLS goes by the machine's clock and tests by their own: the certificates hold for both.
    private static readonly DateTimeOffset From = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    // Most tests never come near TLS, and certificates take longer to make than all the rest.
    private readonly Lazy<X509Certificate2> _root;
    private readonly Lazy<X509Certificate2> _server;

    public CertificateAuthority()
    {
        _root = new(CreateRoot);
        _server = new(CreateServer);
    }

    public string Pem => _root.Value.ExportCertificatePem();

    /// <summary>A certificate for localhost and the loopback addresses.</summary>
    public X509Certificate2 Server => _server.Value;

    public DeviceCertificate IssueDevice(string thingName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(thingName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = Sign(request, "1.3.6.1.5.5.7.3.2");
        return new DeviceCertificate(thingName, certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), Id(certificate));
    }

    /// <summary>A certificate as AWS IoT makes them: a key of RSA with 2,048 bits, and a subject that names nobody.</summary>
    public (string Id, string CertificatePem, string PublicKeyPem, string PrivateKeyPem) IssueWithRsa()
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=AWS IoT Certificate", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = Sign(request, "1.3.6.1.5.5.7.3.2");
        return (Id(certificate), certificate.ExportCertificatePem(), key.ExportSubjectPublicKeyInfoPem(), key.ExportRSAPrivateKeyPem());
    }

    public static string Id(X509Certificate2 certificate) => Id(certificate.RawData);

    public static string Id(byte[] der) => Hex.Sha256(der);

    public void Dispose()
    {
        foreach (Lazy<X509Certificate2> certificate in new[] { _root, _server })
        {
            if (certificate.IsValueCreated)
            {
                certificate.Value.Dispose();
            }
        }

        _key.Dispose();
    }

    private X509Certificate2 CreateRoot()
    {
        var request = new CertificateRequest("CN=IotOps emulator root", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(From, To);
    }

    private X509Certificate2 CreateServer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("*.localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = Sign(request, "1.3.6.1.5.5.7.3.1");
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(key);

        // Windows' TLS does not take a key that lives in memory only.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    private X509Certificate2 Sign(CertificateRequest request, string extendedUsage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedUsage)], false));

        // A set top bit would make the serial number negative.
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] &= 0x7F;
        return request.Create(_root.Value.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), From, To, serial);
    }
}
