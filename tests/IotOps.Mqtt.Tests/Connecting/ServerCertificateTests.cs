using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>TLS and WebSocket take the same certificates of servers, and say the same of others. A WebSocket's first bytes hold a signature.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Y2K = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _directory = new();
    private readonly FakeBroker _broker = new() { Jitter = 1 };
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        _listener.Dispose();
        _key.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_servers_own_certificate_is_taken(bool webSocket)
    {
        (int received, _) = await ConnectAsync(webSocket, Certificate("localhost", ServerAuth));

        received.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clients_certificate_of_the_same_authority_is_no_servers(bool webSocket)
    {
        (int received, string error) = await ConnectAsync(webSocket, Certificate("localhost", ClientAuth));

        received.ShouldBe(0);
        error.ShouldContain("NotValidForUsage");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_for_another_host_is_refused(bool webSocket)
    {
        (int received, string error) = await ConnectAsync(webSocket, Certificate("other.example", ServerAuth));

        received.ShouldBe(0);
        error.ShouldContain("RemoteCertificateNameMismatch");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_begins_later_is_refused_with_this_devices_clock(bool webSocket)
    {
        (int received, string error) = await ConnectAsync(webSocket, Certificate("localhost", ServerAuth, Y2K.AddYears(80), Y2K.AddYears(90)));

        received.ShouldBe(0);
        error.ShouldContain("is not valid yet: it begins at 2080-01-01, and this device's clock says 20");
        error.ShouldNotContain("Tls.CaFile");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_has_ended_is_refused_with_its_day(bool webSocket)
    {
        (int received, string error) = await ConnectAsync(webSocket, Certificate("localhost", ServerAuth, Y2K, Y2K.AddYears(10)));

        received.ShouldBe(0);
        error.ShouldContain("is no longer valid: it ended at 2010-01-01, and this device's clock says 20");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_ECDSA_chain_that_ends_at_the_third_root_of_a_file_is_taken(bool webSocket)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Issuer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = Root(new CertificateRequest("CN=Broker Root", _key, HashAlgorithmName.SHA256));
        using X509Certificate2 issuer = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Y2K, Y2K.AddYears(90), [3]);
        using X509Certificate2 leaf = Signed("localhost", ServerAuth, issuer, key, Y2K, Y2K.AddYears(80));
        using var rsa = RSA.Create(2048);
        using X509Certificate2 first = Root(new CertificateRequest("CN=First Root", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using X509Certificate2 second = Root(new CertificateRequest("CN=Second Root", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        await File.WriteAllTextAsync(_directory["ca.pem"], string.Join('\n', first.ExportCertificatePem(), second.ExportCertificatePem(), root.ExportCertificatePem()));

        (int received, string error) = await ConnectAsync(webSocket, leaf, issuer);
        received.ShouldBeGreaterThan(0, error);
    }

    // What the client sent once TLS was up, and how its attempt ended.
    private async Task<(int Received, string Error)> ConnectAsync(bool webSocket, X509Certificate2 certificate, params X509Certificate2[] issuers)
    {
        _listener.Start();
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        await using var client = new MqttConnection(_broker.Options() with
        {
            Dial = null,
            Host = webSocket ? "" : "localhost",
            Port = webSocket ? null : port,
            WebSocketUri = webSocket ? _ => ValueTask.FromResult(new Uri($"wss://localhost:{port}/mqtt")) : null,
            Tls = new MqttTlsOptions { CaFile = _directory["ca.pem"] },
        });
        Task connecting = client.ConnectAsync();
        int received = 0;
        using (certificate)
        using (TcpClient near = await _listener.AcceptTcpClientAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System))
        await using (var tls = new SslStream(near.GetStream()))
        {
            try
            {
                var context = SslStreamCertificateContext.Create(certificate, [.. issuers], offline: true);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }).WaitAsync(FakeBroker.Patience, TimeProvider.System);
                received = await tls.ReadAsync(new byte[100]).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // Refused.
            }
        }

        _ = connecting;
        if (received > 0)
        {
            return (received, "");
        }

        await Eventually.TrueAsync(() => client.State.Error is not null);
        return (0, client.State.Error!.Message);
    }

    private X509Certificate2 Certificate(string host, string usage, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using X509Certificate2 root = Root(new CertificateRequest("CN=Broker Root", _key, HashAlgorithmName.SHA256));
        File.WriteAllText(_directory["ca.pem"], root.ExportCertificatePem());
        return Signed(host, usage, root, _key, from ?? Y2K, to ?? Y2K.AddYears(90));
    }

    private static X509Certificate2 Root(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Y2K, Y2K.AddYears(95));
    }

    private static X509Certificate2 Signed(string host, string usage, X509Certificate2 issuer, ECDsa issuersKey, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using X509Certificate2 signed = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuersKey), from, to, [1, 2]);
        return signed.CopyWithPrivateKey(key);
    }
}
