using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Mqtt;

public sealed class LifecycleTests : MqttTestBase
{
    [Fact]
    public async Task A_connection_is_told_from_its_beginning_to_its_end()
    {
        using RawClient watcher = await WatchAsync("$aws/events/presence/#");
        using RawClient device = await Connect311Async("d");
        long connectedAt = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        JsonObject connected = await NextAsync(watcher, "$aws/events/presence/connected/d");
        Clock.Advance(TimeSpan.FromSeconds(3));
        await device.SendAsync("E0 00");
        JsonObject disconnected = await NextAsync(watcher, "$aws/events/presence/disconnected/d");

        string session = (string)connected["sessionIdentifier"]!;
        connected.ToJsonString().ShouldBe(
            $$"""{"clientId":"d","timestamp":{{connectedAt}},"eventType":"connected","sessionIdentifier":"{{session}}","ipAddress":"127.0.0.1","versionNumber":0}""");
        disconnected.ToJsonString().ShouldBe(
            $$"""{"clientId":"d","timestamp":{{connectedAt + 3_000}},"eventType":"disconnected","sessionIdentifier":"{{session}}","clientInitiatedDisconnect":true,"disconnectReason":"CLIENT_INITIATED_DISCONNECT","versionNumber":0}""");
    }

    [Theory]
    [InlineData("cut", "CONNECTION_LOST")]
    [InlineData("silence", "MQTT_KEEP_ALIVE_TIMEOUT")]
    [InlineData("nonsense", "CLIENT_ERROR")]
    [InlineData("server", "SERVER_INITIATED_DISCONNECT")]
    public async Task An_end_that_the_client_did_not_ask_for_has_its_reason(string how, string reason)
    {
        using RawClient watcher = await WatchAsync("$aws/events/presence/disconnected/+");
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
            default:
                Emulator.Mqtt.Disconnect("d");
                break;
        }

        JsonObject told = await NextAsync(watcher, "$aws/events/presence/disconnected/d");

        ((string?)told["disconnectReason"], (bool)told["clientInitiatedDisconnect"]!).ShouldBe((reason, false));
    }

    [Fact]
    public async Task A_client_that_takes_another_ones_id_ends_it_and_has_the_next_version()
    {
        using RawClient watcher = await WatchAsync("$aws/events/presence/#");
        using RawClient first = await Connect311Async("d");
        using RawClient second = await Connect311Async("d");

        await NextAsync(watcher, "$aws/events/presence/connected/d");
        JsonObject ended = await NextAsync(watcher, "$aws/events/presence/disconnected/d");
        JsonObject begun = await NextAsync(watcher, "$aws/events/presence/connected/d");

        ((string?)ended["disconnectReason"], (int)ended["versionNumber"]!).ShouldBe(("DUPLICATE_CLIENTID", 0));
        ((int)begun["versionNumber"]!, (string?)begun["sessionIdentifier"] == (string?)ended["sessionIdentifier"]).ShouldBe((1, false));
    }

    [Fact]
    public async Task Versions_begin_again_after_an_hour_offline()
    {
        List<int> versions = [];
        foreach (int minutes in new[] { 0, 59, 61 })
        {
            Clock.Advance(TimeSpan.FromMinutes(minutes));
            using RawClient watcher = await WatchAsync("$aws/events/presence/connected/d");
            using RawClient device = await Connect311Async("d");
            versions.Add((int)(await NextAsync(watcher, "$aws/events/presence/connected/d"))["versionNumber"]!);
            await device.SendAsync("E0 00");
            await Emulator.Mqtt.WaitForDepartureAsync("d");
        }

        versions.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public async Task Only_subscriptions_that_were_granted_are_told()
    {
        using RawClient watcher = await WatchAsync("$aws/events/subscriptions/#");
        using RawClient device = await Connect311Async("d");
        await device.SendAsync(Wire.Subscribe(v5: false, 1, "a/b", "$SYS/x", "c/#"));
        JsonObject subscribed = await NextAsync(watcher, "$aws/events/subscriptions/subscribed/d");
        await device.SendAsync(Wire.Packet(0xA2, [0, 2, .. Wire.Text("c/#"), .. Wire.Text("never")]));
        JsonObject unsubscribed = await NextAsync(watcher, "$aws/events/subscriptions/unsubscribed/d");

        subscribed["topics"]!.ToJsonString().ShouldBe("""["a/b","c/#"]""");
        ((string?)subscribed["eventType"], (string?)unsubscribed["eventType"]).ShouldBe(("subscribed", "unsubscribed"));
        unsubscribed["topics"]!.ToJsonString().ShouldBe("""["c/#"]""");
    }

    [Fact]
    public async Task A_client_that_may_not_connect_is_told_as_failed()
    {
        using RawClient watcher = await WatchAsync("$aws/events/presence/#");
        using FaultHandle refused = Emulator.Faults.Add(new Fault { Operation = "MqttConnect", ReasonCode = 0x87, When = request => request.ClientId == "d" });
        using RawClient device = await RawClient.OpenAsync(Emulator);
        await device.SendAsync(Wire.Connect311("d", clean: true, keepAlive: 0));

        JsonObject failed = await NextAsync(watcher, "$aws/events/presence/connect_failed/d");

        ((string?)failed["eventType"], (string?)failed["connectFailureReason"], (string?)failed["ipAddress"]).ShouldBe(("connect_failed", "AUTHORIZATION_FAILED", "127.0.0.1"));
        failed.ContainsKey("versionNumber").ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_told_of_a_client_whose_id_has_a_wildcard()
    {
        using RawClient watcher = await WatchAsync("$aws/events/presence/#");
        using RawClient wild = await Connect311Async("d+");
        using RawClient device = await Connect311Async("d");

        (await NextAsync(watcher, "$aws/events/presence/connected/d"))["clientId"]!.ToString().ShouldBe("d");
    }

    // What the watcher's own connection and subscription cause comes before its SUBACK or not at all, but for its own subscription.
    private async Task<RawClient> WatchAsync(string filter)
    {
        RawClient watcher = await Connect311Async("watcher");
        await SubscribeAsync(watcher, v5: false, filter);
        if (filter.StartsWith("$aws/events/subscriptions/", StringComparison.Ordinal))
        {
            await NextAsync(watcher, "$aws/events/subscriptions/subscribed/watcher");
        }

        return watcher;
    }

    private static async Task<JsonObject> NextAsync(RawClient watcher, string topic)
    {
        byte[] packet = (await watcher.ReadAsync()).ShouldNotBeNull();
        (packet[0] & 0xF6).ShouldBe(0x32);
        int at = packet[1] < 0x80 ? 2 : 3;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
        Encoding.UTF8.GetString(packet, at + 2, length).ShouldBe(topic);
        int id = at + 2 + length;
        await watcher.SendAsync([0x40, 2, packet[id], packet[id + 1]]);
        return JsonNode.Parse(packet.AsSpan(id + 2))!.AsObject();
    }
}
