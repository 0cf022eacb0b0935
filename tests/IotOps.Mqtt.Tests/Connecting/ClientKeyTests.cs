using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.Emulator;
using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>Where the client certificate's key comes from.</summary>
public sealed class ClientKeyTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeBroker _broker = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("encrypted")]
    [InlineData("pfx")]
    [InlineData("phrase in a file")]
    public async Task An_encrypted_key_and_a_PKCS12_file_authenticate(string kind)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate("THING00001");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem);
        await File.WriteAllTextAsync(_directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        await File.WriteAllTextAsync(_directory["device.pem"], device.CertificatePem);
        await File.WriteAllBytesAsync(_directory["device.pfx"], certificate.Export(X509ContentType.Pkcs12, "secret"));
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        await File.WriteAllTextAsync(_directory["device.key"], key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        await File.WriteAllTextAsync(_directory["phrase"], "secret\n");
        var tls = new MqttTlsOptions { CaFile = _directory["ca.pem"], PassPhrase = "secret" };
        if (kind == "phrase in a file")
        {
            tls = tls with { PassPhrase = null, PassPhraseFile = _directory["phrase"] };
        }

        await using var client = new MqttConnection(_broker.Options() with
        {
            Dial = null,
            TimeProvider = TimeProvider.System,
            Host = "localhost",
            Port = emulator.Mqtt.TlsPort,
            Tls = kind == "pfx" ? tls with { PfxFile = _directory["device.pfx"] } : tls with { CertificateFile = _directory["device.pem"], PrivateKeyFile = _directory["device.key"] },
        });
        await client.ConnectAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        emulator.Mqtt.Clients.Single().ThingName.ShouldBe("THING00001");
        tls.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_token_that_is_not_there_is_told_without_its_PIN()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "keys of tokens come by OpenSSL");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(_directory["device.pem"], certificate.ExportCertificatePem());
        _broker.Jitter = 1;
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var tls = new MqttTlsOptions { CertificateFile = _directory["device.pem"], PrivateKeyUri = "pkcs11:token=absent;object=key;pin-value=1234" };
        await using var client = new MqttConnection(_broker.Options() with
        {
            Dial = null,
            Host = "127.0.0.1",
            Port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port,
            Tls = tls,
        });
        _ = client.ConnectAsync();
        await Eventually.TrueAsync(() => client.State.Error is not null);

        client.State.Error!.Message.ShouldContain("pkcs11:token=absent;object=key;");
        client.State.Error.Message.ShouldNotContain("1234");
        tls.ToString().ShouldNotContain("1234");
    }

    [Theory]
    [InlineData("key", "private key")]
    [InlineData("pfx", "private key")]
    [InlineData("phrase", "pass phrase")]
    [InlineData("pin", "PIN")]
    public async Task A_secret_that_others_may_read_is_warned_of_once_with_what_to_do(string kind, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("modes are Unix's");
            return;
        }

        string file = _directory["a secret"];
        await File.WriteAllTextAsync(file, "secret");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        using var log = new LogLines();
        var dialer = new Dialer(_broker.Options() with
        {
            LoggerFactory = log,
            Tls = kind switch
            {
                "key" => new MqttTlsOptions { CertificateFile = "c", PrivateKeyFile = file },
                "pfx" => new MqttTlsOptions { PfxFile = file },
                "phrase" => new MqttTlsOptions { PfxFile = "p", PassPhraseFile = file },
                _ => new MqttTlsOptions { CertificateFile = "c", PrivateKeyUri = $"pkcs11:token=iot;object=device?pin-source=file:{Uri.EscapeDataString(file)}" },
            },
        });

        await dialer.ConnectAsync(CancellationToken.None);
        await dialer.ConnectAsync(CancellationToken.None);

        log.Of(416).ShouldHaveSingleItem().ShouldBe($"The {name} {file} is open to others than its owner (mode 0404): chmod 600 '{file}'");
    }

    [Theory]
    [InlineData("pkcs11:token=iot?pin-source=file:/etc/iot/pin", "/etc/iot/pin")]
    [InlineData("pkcs11:token=iot?pin-source=/etc/iot/pin&module-name=x", "/etc/iot/pin")]
    [InlineData("pkcs11:token=iot;pin-source=file:///etc/iot/a%20pin;object=k", "/etc/iot/a pin")]
    [InlineData("pkcs11:token=iot?pin-source=|/usr/bin/pin", null)]
    [InlineData("pkcs11:token=iot?pin-value=1234", null)]
    public void The_file_of_a_PIN_is_read_from_the_URI(string uri, string? file) => TokenKey.PinFile(uri).ShouldBe(file);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_that_contradict_each_other_are_refused(MqttTlsOptions tls, string says) =>
        Should.Throw<ArgumentException>(() => new MqttConnection(_broker.Options() with { Tls = tls })).Message.ShouldContain(says);

    public static TheoryData<MqttTlsOptions, string> Wrong => new()
    {
        { new() { CertificateFile = "c" }, "Tls.PrivateKeyFile or Tls.PrivateKeyUri" },
        { new() { CertificateFile = "c", PrivateKeyFile = "k", PrivateKeyUri = "pkcs11:x" }, "not both" },
        { new() { PrivateKeyUri = "pkcs11:x" }, "needs Tls.CertificateFile" },
        { new() { CertificateFile = "c", PrivateKeyUri = "file:x" }, "must begin with pkcs11:" },
        { new() { PfxFile = "p", CertificateFile = "c", PrivateKeyFile = "k" }, "Tls.PfxFile alone" },
        { new() { PassPhrase = "x" }, "Tls.PassPhrase is for" },
        { new() { PassPhraseFile = "x" }, "Tls.PassPhraseFile is for" },
        { new() { PfxFile = "p", PassPhrase = "x", PassPhraseFile = "x" }, "not both" },
    };
}
