using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.DataPlane;

public sealed class ConnectionCallTests : DataPlaneTestBase
{
    [Fact]
    public async Task A_connection_tells_of_itself_and_of_its_socket_when_asked()
    {
        using RawClient device = await Connect5Async("d", clean: false, keepAlive: 60, properties: "11 00 00 0E 10");
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();

        DataPlaneReply reply = await CallAsync(HttpMethod.Get, "connections/d");
        DataPlaneReply withSocket = await CallAsync(HttpMethod.Get, "connections/d?includeSocketInformation=true");

        reply.Status.ShouldBe(200, reply.Message);
        ((bool)reply.Body["connected"]!, (string?)reply.Body["clientId"], (bool)reply.Body["cleanSession"]!).ShouldBe((true, "d", false));
        ((int)reply.Body["keepAliveDuration"]!, (long)reply.Body["sessionExpiry"]!, (long)reply.Body["connectedSince"]!).ShouldBe((60, 3_600, now));
        reply.Body.AsObject().ContainsKey("sourceIp").ShouldBeFalse();
        reply.Body.AsObject().ContainsKey("disconnectedSince").ShouldBeFalse();
        ((string?)withSocket.Body["sourceIp"], (string?)withSocket.Body["targetIp"]).ShouldBe(("127.0.0.1", "127.0.0.1"));
        ((int)withSocket.Body["sourcePort"]! > 0, (int)withSocket.Body["targetPort"]!).ShouldBe((true, Emulator.Mqtt.Port));
    }

    [Fact]
    public async Task A_client_that_left_is_known_for_thirty_minutes_and_why()
    {
        using (RawClient device = await Connect311Async("d"))
        {
            await device.SendAsync("E0 00");
            await device.ExpectEndAsync();
        }

        await Emulator.Mqtt.WaitForDepartureAsync("d");
        long left = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Clock.Advance(TimeSpan.FromMinutes(29));
        DataPlaneReply reply = await CallAsync(HttpMethod.Get, "connections/d");
        Clock.Advance(TimeSpan.FromMinutes(2));
        DataPlaneReply later = await CallAsync(HttpMethod.Get, "connections/d");

        ((bool)reply.Body["connected"]!, (long)reply.Body["disconnectedSince"]!, (string?)reply.Body["disconnectReason"])
            .ShouldBe((false, left, "CLIENT_INITIATED_DISCONNECT"));
        (later.Status, later.Error).ShouldBe((404, "ResourceNotFoundException"));
        (await CallAsync(HttpMethod.Get, "connections/never")).Status.ShouldBe(404);
        (await CallAsync(HttpMethod.Get, "connections/%24x")).Error.ShouldBe("InvalidRequestException");
        (await CallAsync(HttpMethod.Get, "connections/d?includeSocketInformation=maybe")).Error.ShouldBe("InvalidRequestException");
    }

    [Theory]
    [InlineData("cut", "CONNECTION_LOST")]
    [InlineData("silence", "MQTT_KEEP_ALIVE_TIMEOUT")]
    [InlineData("nonsense", "CLIENT_ERROR")]
    [InlineData("server", "SERVER_INITIATED_DISCONNECT")]
    [InlineData("api", "API_INITIATED_DISCONNECT")]
    public async Task The_reason_of_an_end_is_told(string how, string reason)
    {
        using RawClient device = await Connect311Async("d", keepAlive: 60);
        switch (how)
        {
            case "cut":
                device.Dispose();
                break;
            case "silence":
                Clock.Advance(TimeSpan.FromSeconds(90));
                break;
            case "nonsense":
                await device.SendAsync("F0 00");
                break;
            case "server":
                Emulator.Mqtt.Disconnect("d");
                break;
            default:
                (await CallAsync(HttpMethod.Delete, "connections/d")).Status.ShouldBe(200);
                break;
        }

        await Emulator.Mqtt.WaitForDepartureAsync("d");

        ((string?)(await CallAsync(HttpMethod.Get, "connections/d")).Body["disconnectReason"]).ShouldBe(reason);
    }

    [Fact]
    public async Task A_deleted_connection_ends_and_its_will_is_published()
    {
        using RawClient watcher = await Connect311Async("watcher");
        await SubscribeAsync(watcher, v5: false, "will");
        using RawClient device = await ConnectWithWillAsync("d");

        (await CallAsync(HttpMethod.Delete, "connections/d")).Status.ShouldBe(200);

        Emulator.Mqtt.Clients.Select(c => c.ClientId).ShouldBe(["watcher"]);
        await device.ExpectAsync("E0 01 98");
        await device.ExpectEndAsync();
        await watcher.ExpectAsync(Wire.Publish("will", "gone"));
        Emulator.Mqtt.Sessions.ShouldBe(["d", "watcher"], "the session stays unless it is to be cleaned");
    }

    [Fact]
    public async Task The_will_can_be_held_back_and_the_session_forgotten()
    {
        using RawClient watcher = await Connect311Async("watcher");
        await SubscribeAsync(watcher, v5: false, "will");
        using RawClient device = await ConnectWithWillAsync("d");

        (await CallAsync(HttpMethod.Delete, "connections/d?cleanSession=true&preventWillMessage=true")).Status.ShouldBe(200);

        await device.ExpectAsync("E0 01 98");
        await watcher.PingAsync();
        Emulator.Mqtt.Sessions.ShouldBe(["watcher"]);
    }

    [Fact]
    public async Task A_connection_that_is_not_there_cannot_be_deleted()
    {
        DataPlaneReply reply = await CallAsync(HttpMethod.Delete, "connections/none");

        (reply.Status, reply.Error).ShouldBe((404, "ResourceNotFoundException"));
        (await CallAsync(HttpMethod.Delete, "connections/none?cleanSession=maybe")).Error.ShouldBe("InvalidRequestException");
    }

    // A will of QoS 0, and a session of an hour.
    private async Task<RawClient> ConnectWithWillAsync(string clientId)
    {
        RawClient client = await RawClient.OpenAsync(Emulator);
        await client.SendAsync(Wire.Connect5(clientId, clean: true, properties: "11 00 00 0E 10", flags: 4, end: Wire.Bytes("00 00 04 'will' 00 04 'gone'")));
        (await client.ReadAsync()).ShouldNotBeNull()[0].ShouldBe((byte)0x20);
        return client;
    }
}
