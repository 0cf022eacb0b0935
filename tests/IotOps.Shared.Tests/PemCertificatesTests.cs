using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class PemCertificatesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _directory = new();
    private readonly PemCertificates _pem = new(static (message, cause) => new InvalidDataException(message, cause));
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _deviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _issuer;
    private readonly X509Certificate2 _device;

    public PemCertificatesTests()
    {
        _root = Authority("CN=root", _rootKey).CreateSelfSigned(Start, Start.AddYears(50));
        using X509Certificate2 issuer = Authority("CN=issuer", _issuerKey).Create(_root, Start, Start.AddYears(45), [1]);
        _issuer = issuer.CopyWithPrivateKey(_issuerKey);
        _device = new CertificateRequest("CN=device", _deviceKey, HashAlgorithmName.SHA256).Create(_issuer, Start, Start.AddYears(40), [2]);
        File.WriteAllText(_directory["root.pem"], _root.ExportCertificatePem());
        File.WriteAllText(_directory["device.pem"], _device.ExportCertificatePem() + "\n" + _issuer.ExportCertificatePem());
        File.WriteAllText(_directory["device.key"], _deviceKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_directory["other.key"], _rootKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_directory["locked.key"], _deviceKey.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));
        File.WriteAllText(_directory["empty.pem"], "");
        File.WriteAllText(_directory["broken.pem"], "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    }

    [Fact]
    public void A_client_certificate_has_its_key_and_the_certificates_that_follow_it()
    {
        SslStreamCertificateContext context = _pem.Client(_directory["device.pem"], _directory["device.key"]);
        context.TargetCertificate.Subject.ShouldBe("CN=device");
        context.TargetCertificate.HasPrivateKey.ShouldBeTrue();
        context.IntermediateCertificates.ShouldHaveSingleItem().Subject.ShouldBe("CN=issuer");
    }

    [Fact]
    public void A_certificate_given_as_an_object_is_used_as_it_is()
    {
        using X509Certificate2 device = _device.CopyWithPrivateKey(_deviceKey);
        PemCertificates.Client(device).TargetCertificate.Thumbprint.ShouldBe(device.Thumbprint);
    }

    [Fact]
    public void Only_the_roots_of_the_file_are_trusted()
    {
        using var chain = new X509Chain { ChainPolicy = _pem.Trust(_directory["root.pem"]) };
        chain.ChainPolicy.ExtraStore.Add(_issuer);
        chain.ChainPolicy.VerificationTime = Start.AddYears(1).UtcDateTime;
        chain.Build(_device).ShouldBeTrue();

        using X509Certificate2 stranger = new CertificateRequest("CN=stranger", _deviceKey, HashAlgorithmName.SHA256).CreateSelfSigned(Start, Start.AddYears(40));
        chain.Build(stranger).ShouldBeFalse();
    }

    [Theory]
    [InlineData("missing.pem", "device.key", "missing.pem cannot be read")]
    [InlineData("empty.pem", "device.key", "empty.pem holds no PEM certificate")]
    [InlineData("broken.pem", "device.key", "broken.pem holds no usable PEM certificate")]
    [InlineData("device.pem", "missing.key", "missing.key cannot be read")]
    [InlineData("device.pem", "empty.pem", "empty.pem is not the private key of the certificate in")]
    [InlineData("device.pem", "other.key", "other.key is not the private key of the certificate in")]
    [InlineData("device.pem", "locked.key", "locked.key is encrypted, and no pass phrase is given")]
    public void A_file_that_cannot_be_used_is_named(string certificate, string key, string message)
    {
        InvalidDataException refusal = Should.Throw<InvalidDataException>(() => _pem.Client(_directory[certificate], _directory[key]));
        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldNotContain(File.ReadAllText(_directory["device.key"]));
    }

    [Theory]
    [InlineData("missing.pem")]
    [InlineData("empty.pem")]
    [InlineData("broken.pem")]
    public void A_root_file_that_cannot_be_used_is_named(string file) =>
        Should.Throw<InvalidDataException>(() => _pem.Trust(_directory[file])).Message.ShouldContain(file);

    [Fact]
    public void An_encrypted_key_opens_with_its_pass_phrase_and_with_no_other()
    {
        _pem.Client(_directory["device.pem"], _directory["locked.key"], "secret").TargetCertificate.HasPrivateKey.ShouldBeTrue();
        string message = Should.Throw<InvalidDataException>(() => _pem.Client(_directory["device.pem"], _directory["locked.key"], "other")).Message;
        message.ShouldContain("or the pass phrase is another one");
        message.ShouldNotContain("secret");
    }

    [Fact]
    public void A_key_encrypted_in_the_old_way_says_how_to_convert_it()
    {
        File.WriteAllText(_directory["old.key"], "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n");
        Should.Throw<InvalidDataException>(() => _pem.Client(_directory["device.pem"], _directory["old.key"], "x")).Message.ShouldContain("openssl pkcs8 -topk8");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_EC_key_that_spells_its_curve_out_says_how_to_convert_it(bool pkcs8)
    {
        using ECDsa explicitKey = ECDsa.Create(_deviceKey.ExportExplicitParameters(includePrivateParameters: true));
        File.WriteAllText(_directory["explicit.key"], pkcs8 ? explicitKey.ExportPkcs8PrivateKeyPem() : explicitKey.ExportECPrivateKeyPem());
        Should.Throw<InvalidDataException>(() => _pem.Client(_directory["device.pem"], _directory["explicit.key"])).Message.ShouldContain("-param_enc named_curve");
    }

    [Fact]
    public void A_PKCS12_file_has_all_in_one()
    {
        using X509Certificate2 device = _device.CopyWithPrivateKey(_deviceKey);
        File.WriteAllBytes(_directory["device.pfx"], new X509Certificate2Collection { device, _issuer }.Export(X509ContentType.Pkcs12, "secret")!);
        SslStreamCertificateContext context = _pem.ClientPfx(_directory["device.pfx"], "secret");
        context.TargetCertificate.Subject.ShouldBe("CN=device");
        context.TargetCertificate.HasPrivateKey.ShouldBeTrue();
        context.IntermediateCertificates.ShouldHaveSingleItem().Subject.ShouldBe("CN=issuer");

        Should.Throw<InvalidDataException>(() => _pem.ClientPfx(_directory["device.pfx"], "other")).Message.ShouldContain("its pass phrase is another one");
        Should.Throw<InvalidDataException>(() => _pem.ClientPfx(_directory["device.pfx"], null)).Message.ShouldContain("its pass phrase is not given");
        Should.Throw<InvalidDataException>(() => _pem.ClientPfx(_directory["device.pem"], "secret")).Message.ShouldContain("is no PKCS#12 file");
        Should.Throw<InvalidDataException>(() => _pem.ClientPfx(_directory["absent.pfx"], "secret")).Message.ShouldContain("cannot be read");
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuer.Dispose();
        _device.Dispose();
        _rootKey.Dispose();
        _issuerKey.Dispose();
        _deviceKey.Dispose();
        _directory.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request;
    }
}
