using System.Text.Json;
using IotOps.Emulator;
using IotOps.Mqtt;
using IotOps.TestKit;

namespace IotOps.Shadow.Tests.EndToEnd;

/// <summary>The cache over the real client over the emulator's broker and shadow service.</summary>
public sealed class EmulatorTests : IAsyncLifetime
{
    private const string Thing = "THING00001";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new(inMemory: true);
    private AwsEmulator _aws = null!;
    private MqttConnection _connection = null!;

    [Fact]
    public async Task Desired_in_the_cloud_is_applied_here_and_reported_there()
    {
        await using ShadowCache cache = Open();
        DeviceShadow config = cache["config"];
        await config.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        _aws.Shadows.Update(Thing, """{"state":{"desired":{"interval":30}}}""", "config");
        await foreach (ShadowDelta delta in config.DeltasAsync())
        {
            delta.State["interval"]!.GetInt64().ShouldBe(30);
            await config.AcceptDeltaAsync(delta);
            break;
        }

        await config.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        State("config").GetProperty("reported").GetProperty("interval").GetInt32().ShouldBe(30);
        config.Pending.ShouldBeNull();
        config.Desired.GetTimestamp("interval").ShouldNotBeNull();
    }

    [Fact]
    public async Task After_a_cut_connection_edits_of_both_sides_come_together()
    {
        await using ShadowCache cache = Open();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("a", 1);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        long connections = _connection.State.Connections;
        _aws.Mqtt.StopListening();

        // What is published before the client has noticed is in flight, and is sent again beside the one update that this is about.
        MqttConnectionState state = _connection.State;
        while (state.Status == MqttConnectionStatus.Connected)
        {
            state = await _connection.WaitForChangeAsync(state).AsTask().WaitAsync(Patience, TimeProvider.System);
        }

        for (int i = 0; i < 1000; i++)
        {
            await shadow.Reported.SetAsync("a", i);
        }

        _aws.Shadows.Update(Thing, """{"state":{"desired":{"b":2},"reported":{"c":3}}}""");
        int before = _aws.Shadows.Requests.Count;
        _aws.Mqtt.StartListening();
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        _connection.State.Connections.ShouldBeGreaterThan(connections);
        ShadowValue.Parse(State("").GetRawText())["reported"].ShouldBe(ShadowValue.Parse("""{"a":999,"c":3}"""));
        shadow.Desired["b"].ShouldBe(2);
        _aws.Shadows.Requests.Skip(before).Count(static request => request.Operation == "UpdateThingShadow").ShouldBe(1);
    }

    [Fact]
    public async Task A_member_that_the_service_finds_too_deep_holds_up_no_other()
    {
        await using ShadowCache cache = Open();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("rssi", -1);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        await shadow.Reported.SetAsync("d/1/2/3/4/5/6", true);
        await shadow.Reported.SetAsync("rssi", -2);
        ShadowRejectedException error = await Should.ThrowAsync<ShadowRejectedException>(() => shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System));
        error.Paths.ShouldBe(["reported/d/1/2/3/4/5/6"]);
        State("").GetProperty("reported").GetRawText().ShouldBe("""{"rssi":-2}""");
        shadow.Pending!.ToString().ShouldBe("""{"reported":{"d":{"1":{"2":{"3":{"4":{"5":{"6":true}}}}}}}}""");
    }

    [Fact]
    public async Task The_services_own_limits_come_as_typed_errors()
    {
        await using ShadowCache cache = Open(options => options with { MaxDepth = 8 });
        DeviceShadow shadow = cache[ShadowId.Classic];

        // The emulator takes 6 levels, as one of AWS's pages says; the option allows 8, as another does.
        await shadow.Reported.SetAsync("a/b/c/d/e/f/g", 1);
        ShadowRejectedException error = await Should.ThrowAsync<ShadowRejectedException>(
            () => shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System));
        error.Code.ShouldBe(400);
        await shadow.DiscardPendingAsync();
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
    }

    [Fact]
    public async Task Deleting_here_deletes_there()
    {
        await using ShadowCache cache = Open();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("a", 1);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        await shadow.DeleteAsync();
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        _aws.Shadows.Find(Thing).ShouldBeNull();
        await shadow.Reported.SetAsync("b", 2);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        ShadowValue.Parse(State("").GetRawText())["reported"].ShouldBe(ShadowValue.Parse("""{"b":2}"""));
    }

    [Fact]
    public async Task Many_shadows_share_five_filters_and_the_services_rate()
    {
        ShadowId[] ids = [.. Enumerable.Range(0, 25).Select(static i => new ShadowId("s" + i))];
        await using ShadowCache cache = Open(options => options with { Shadows = ids });
        foreach (ShadowId id in ids)
        {
            await cache[id].Reported.SetAsync("name", id.Name);
        }

        await cache.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        _aws.Shadows.Names(Thing).Count.ShouldBe(25);

        // What is sent within the rate may arrive bunched up, and be refused with 429: that is made good by itself.
        _aws.Mqtt.Clients.Single(static client => client.ClientId == Thing).Subscriptions.Count.ShouldBe(5);
    }

    private ShadowCache Open(Func<ShadowCacheOptions, ShadowCacheOptions>? change = null)
    {
        var options = new ShadowCacheOptions
        {
            Connection = _connection,
            ThingName = Thing,
            StateDirectory = _directory["state"],
            Shadows = [ShadowId.Classic, new ShadowId("config")],
        };
        var cache = new ShadowCache(change is null ? options : change(options));
        cache.Start();
        return cache;
    }

    private JsonElement State(string name)
    {
        using JsonDocument document = JsonDocument.Parse(_aws.Shadows.Find(Thing, name)!);
        return document.RootElement.GetProperty("state").Clone();
    }

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync(new EmulatorOptions { Shadows = new EmulatedShadowOptions { MaxRequestsInFlight = 10, MaxRequestsPerSecond = 20 } });
        _connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = _aws.Mqtt.Port,
            Tls = null,
            ClientId = Thing,
            MinReconnectDelay = TimeSpan.FromMilliseconds(20),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        });
        await _connection.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _aws.DisposeAsync();
        _directory.Dispose();
    }
}
