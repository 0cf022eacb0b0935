using System.Net;
using System.Net.Sockets;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>A broker with several addresses, of which the first is of no use.</summary>
public sealed class AddressTests
{
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    private readonly FakeBroker _broker = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silent_first_address_hides_no_other(bool webSocket)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux drops what comes to a full queue");
        using BlackHole hole = await BlackHole.OpenAsync();
        using Socket listener = hole.Beside(Second);
        MqttConnectionOptions options = Options(hole.Port) with { TimeProvider = TimeProvider.System };
        await using var client = new MqttConnection(webSocket ? options with { WebSocketUri = _ => new(new Uri($"ws://iot.test:{hole.Port}/mqtt")) } : options);
        Task connecting = client.ConnectAsync();
        using Socket near = await listener.AcceptAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        byte[] buffer = new byte[1000];
        int read = await near.ReceiveAsync(buffer);
        if (webSocket)
        {
            System.Text.Encoding.ASCII.GetString(buffer, 0, read).ShouldContain("Sec-WebSocket-Protocol: mqtt");
            return;
        }

        buffer[0].ShouldBe((byte)0x10);
        await near.SendAsync(Packets.ConnAck());
        await connecting.WaitAsync(FakeBroker.Patience, TimeProvider.System);
    }

    [Fact]
    public async Task An_address_that_connects_and_then_says_nothing_is_tried_last_at_the_next_attempt()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        int port = ((IPEndPoint)first.LocalEndpoint).Port;
        using var second = new TcpListener(Second, port);
        second.Start();
        await using var client = new MqttConnection(Options(port));
        Task connecting = client.ConnectAsync();
        using Socket silent = await first.AcceptSocketAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        (await silent.ReceiveAsync(new byte[100])).ShouldBeGreaterThan(0);
        _broker.Time.Advance(TimeSpan.FromSeconds(20));
        using Socket near = await second.AcceptSocketAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        await near.SendAsync(Packets.ConnAck());

        await connecting.WaitAsync(FakeBroker.Patience, TimeProvider.System);
    }

    [Theory]
    [InlineData("mqtts://localhost", "'localhost'")]
    [InlineData("mqtts://localhost:8883/mqtt", "'localhost'")]
    [InlineData("localhost:1885", "'localhost'")]
    [InlineData(" localhost", "blank")]
    [InlineData("localhost\n", "blank")]
    [InlineData("local host", "blank")]
    [InlineData("localhost/mqtt", "'localhost'")]
    [InlineData("user@localhost", "'localhost'")]
    [InlineData("[::1]", "'::1'")]
    [InlineData("[::1]:8883", "port")]
    [InlineData("a..b", "not the name")]
    public void A_host_that_is_more_or_less_than_a_name_is_refused_with_what_to_give(string host, string says) =>
        Should.Throw<ArgumentException>(() => new MqttConnection(_broker.Options() with { Host = host })).Message.ShouldContain(says);

    [Theory]
    [InlineData("localhost")]
    [InlineData("a1b2c3-ats.iot.eu-west-1.amazonaws.com")]
    [InlineData("my_broker.lan")]
    [InlineData("192.0.2.1")]
    [InlineData("::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("bücher.example")]
    public async Task A_name_or_an_address_is_taken(string host) =>
        await new MqttConnection(_broker.Options() with { Host = host }).DisposeAsync();

    private MqttConnectionOptions Options(int port) => _broker.Options() with
    {
        Dial = null,
        Host = "iot.test",
        Port = port,
        Tls = null,
        Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, Second]),
    };
}
