using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;
using IotOps.TestKit;

namespace IotOps.InteropTests.Mqtt;

/// <summary>A client certificate whose key is in SoftHSM, and stays there.</summary>
public sealed partial class TokenKeyTests(InteropPeers peers) : MosquittoTest(peers), IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TLS_signs_with_a_key_that_never_leaves_the_token()
    {
        Peer hsm = Peers.Require("softhsm2");
        Peers.Require("openssl-pkcs11");
        Directory.CreateDirectory(_directory["tokens"]);
        await File.WriteAllTextAsync(_directory["softhsm2.conf"], $"directories.tokendir = {_directory["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
        await File.WriteAllTextAsync(_directory["pin"], "1234");

        // OpenSSL's module is in this process and reads C's environment, which is not .NET's; the programs get .NET's.
        SetEnvironment("SOFTHSM2_CONF", _directory["softhsm2.conf"], 1).ShouldBe(0);
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", _directory["softhsm2.conf"]);
        await PeerCommand.RunAsync(hsm.Program, ["--init-token", "--free", "--label", "iot", "--pin", "1234", "--so-pin", "4321"]);
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await ImportAsync(hsm, "rsa", "A1", rsa, new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        await ImportAsync(hsm, "ec", "A2", ec, new CertificateRequest("CN=ec", ec, HashAlgorithmName.SHA256));

        (await ConnectWithAsync("rsa")).ShouldBe("CN=rsa");
        (await ConnectWithAsync("ec")).ShouldBe("CN=ec");
    }

    private async Task ImportAsync(Peer hsm, string label, string id, AsymmetricAlgorithm key, CertificateRequest request)
    {
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(_directory[$"{label}.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(_directory["import.key"], key.ExportPkcs8PrivateKeyPem());
        await PeerCommand.RunAsync(hsm.Program, ["--import", _directory["import.key"], "--token", "iot", "--label", label, "--id", id, "--pin", "1234"]);
        File.Delete(_directory["import.key"]);
    }

    // The subject that the broker's side saw proved.
    private async Task<string> ConnectWithAsync(string label)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 server = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(_directory["ca.pem"], server.ExportCertificatePem());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> serving = ServeAsync(listener, server);
        await using var client = new MqttConnection(Options(((IPEndPoint)listener.LocalEndpoint).Port) with
        {
            Host = "localhost",
            CloseTimeout = TimeSpan.Zero,
            Tls = new MqttTlsOptions
            {
                CaFile = _directory["ca.pem"],
                CertificateFile = _directory[$"{label}.pem"],
                PrivateKeyUri = $"pkcs11:token=iot;object={label};type=private?pin-source=file:{_directory["pin"]}",
            },
        });
        await client.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
        client.State.Error.ShouldBeNull();
        await client.DisposeAsync();
        return await serving.WaitAsync(Patience, TimeProvider.System);
    }

    private static async Task<string> ServeAsync(TcpListener listener, X509Certificate2 server)
    {
        using TcpClient near = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(near.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = server,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
        });
        await tls.ReadExactlyAsync(new byte[10]);
        await tls.WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 });
        while (await tls.ReadAsync(new byte[100]) > 0)
        {
        }

        return tls.RemoteCertificate!.Subject;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
