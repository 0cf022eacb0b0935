using System.Net;
using System.Net.Sockets;
using System.Text;
using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>A way through an HTTP proxy.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly FakeBroker _broker = new();

    public ProxyTests() => _proxy.Start();

    private int Port => ((IPEndPoint)_proxy.LocalEndpoint).Port;

    private MqttConnectionOptions Options => _broker.Options() with
    {
        Dial = null,
        Host = "broker.test",
        Port = 8883,
        Tls = null,
        Proxy = new WebProxy($"http://127.0.0.1:{Port}"),
    };

    public void Dispose() => _proxy.Dispose();

    [Fact]
    public async Task The_broker_is_asked_for_by_name_and_what_follows_is_MQTT()
    {
        await using var client = new MqttConnection(Options);
        Task connecting = client.ConnectAsync();
        using Socket near = await AcceptAsync();
        (await RequestAsync(near)).ShouldBe("CONNECT broker.test:8883 HTTP/1.1\r\nHost: broker.test:8883\r\n\r\n");
        await near.SendAsync("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[200];
        (await near.ReceiveAsync(buffer)).ShouldBeGreaterThan(0);
        buffer[0].ShouldBe((byte)0x10);
        await near.SendAsync(Packets.ConnAck());

        await connecting.WaitAsync(FakeBroker.Patience, TimeProvider.System);
    }

    [Fact]
    public async Task A_user_and_a_password_go_to_the_proxy_as_Basic()
    {
        await using var client = new MqttConnection(Options with
        {
            Proxy = new WebProxy($"http://127.0.0.1:{Port}") { Credentials = new NetworkCredential("Aladdin", "open sesame") },
        });
        _ = client.ConnectAsync();
        using Socket near = await AcceptAsync();

        (await RequestAsync(near)).ShouldContain("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
        Options.ToString().ShouldNotContain("sesame");
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", "wants a user name and a password", false)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "'HTTP/1.1 403 Forbidden'", false)]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n", "'HTTP/1.1 502 Bad Gateway'", true)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP", true)]
    [InlineData("HTTP/1.1 200", "in the middle", true)]
    [InlineData("", "closed the connection", true)]
    public async Task A_refusal_says_what_the_proxy_said(string answer, string says, bool isTransient)
    {
        _broker.Jitter = 1;
        await using var client = new MqttConnection(Options);
        _ = client.ConnectAsync();
        using (Socket near = await AcceptAsync())
        {
            await RequestAsync(near);
            await near.SendAsync(Encoding.ASCII.GetBytes(answer));
        }

        await Eventually.TrueAsync(() => client.State.Error is not null);
        client.State.Error!.Message.ShouldContain(says);
        client.State.Error.Message.ShouldContain("broker.test:8883");
        client.State.Error.IsTransient.ShouldBe(isTransient);
    }

    [Fact]
    public async Task A_proxy_of_another_kind_is_refused_by_name()
    {
        _broker.Jitter = 1;
        await using var client = new MqttConnection(Options with { Proxy = new WebProxy("socks5://127.0.0.1:1080") });
        _ = client.ConnectAsync();
        await Eventually.TrueAsync(() => client.State.Error is not null);

        client.State.Error!.Message.ShouldContain("socks5://127.0.0.1:1080");
    }

    [Fact]
    public async Task A_bypassed_broker_is_reached_without_it()
    {
        using var broker = new TcpListener(IPAddress.Loopback, 0);
        broker.Start();
        await using var client = new MqttConnection(Options with
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)broker.LocalEndpoint).Port,
            Proxy = new WebProxy($"http://127.0.0.1:{Port}", BypassOnLocal: true),
        });
        _ = client.ConnectAsync();

        using Socket near = await broker.AcceptSocketAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
    }

    [Fact]
    public async Task TLS_with_a_client_certificate_goes_through_from_end_to_end()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        DeviceCertificate certificate = emulator.Iot.IssueDeviceCertificate("THING00001");
        await File.WriteAllTextAsync(directory["device.pem"], certificate.CertificatePem);
        await File.WriteAllTextAsync(directory["device.key"], certificate.PrivateKeyPem);
        await File.WriteAllTextAsync(directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        Task serving = ForwardAsync(emulator.Mqtt.TlsPort);
        await using (var client = new MqttConnection(Options with
        {
            Host = "localhost",
            Port = 8883,
            TimeProvider = TimeProvider.System,
            Tls = new MqttTlsOptions { CertificateFile = directory["device.pem"], PrivateKeyFile = directory["device.key"], CaFile = directory["ca.pem"] },
        }))
        {
            await client.ConnectAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
            await client.PublishAsync("t", "through"u8.ToArray()).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
            emulator.Mqtt.Clients.Single().ServerName.ShouldBe("localhost");
        }

        await serving;
    }

    private static async Task<string> RequestAsync(Socket near)
    {
        byte[] buffer = new byte[2000];
        string request = "";
        while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await near.ReceiveAsync(buffer).WaitAsync(FakeBroker.Patience, TimeProvider.System);
            request += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return request;
    }

    private async Task ForwardAsync(int port)
    {
        using Socket near = await AcceptAsync();
        await RequestAsync(near);
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, port);
        await near.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        await using var stream = new NetworkStream(near);
        await Task.WhenAny(stream.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(stream));
    }

    private Task<Socket> AcceptAsync() => _proxy.AcceptSocketAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
}
