using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;
using IotOps.Shadow;
using IotOps.TestKit;

namespace IotOps.InteropTests.Shadow;

/// <summary>The cache over the real client over mosquitto, where the emulator's shadow service is a client too.</summary>
public sealed class ShadowCacheOnMosquittoTests(InteropPeers peers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _thing = $"thing-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_delta_is_applied_and_reported()
    {
        int port = await peers.MosquittoAsync();
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        await using AttachedShadows service = await aws.Shadows.AttachAsync("127.0.0.1", port);
        await using MqttConnection connection = await ConnectAsync(port);
        using var directory = new TempDirectory();
        await using var cache = Open(connection, directory);
        DeviceShadow config = cache["config"];
        await config.SyncAsync().WaitAsync(Patience, TimeProvider.System);

        aws.Shadows.Update(_thing, """{"state":{"desired":{"led":{"on":true},"steps":[1,2]}}}""", "config");
        await foreach (ShadowDelta delta in config.DeltasAsync())
        {
            await config.AcceptDeltaAsync(delta);
            break;
        }

        await config.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        ShadowValue.Parse(aws.Shadows.Find(_thing, "config")!)["state"]!["reported"].ShouldBe(ShadowValue.Parse("""{"led":{"on":true},"steps":[1,2]}"""));
        config.Pending.ShouldBeNull();
    }

    [Fact]
    public async Task A_service_that_is_away_for_a_while_loses_nothing()
    {
        int port = await peers.MosquittoAsync();
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        AttachedShadows service = await aws.Shadows.AttachAsync("127.0.0.1", port);
        await using MqttConnection connection = await ConnectAsync(port);
        using var directory = new TempDirectory();
        await using var cache = Open(connection, directory);
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("n", 0);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);

        await service.DisposeAsync();
        for (int i = 1; i <= 100; i++)
        {
            await shadow.Reported.SetAsync("n", i);
        }

        aws.Shadows.Update(_thing, """{"state":{"desired":{"m":1}}}""");
        await using AttachedShadows again = await aws.Shadows.AttachAsync("127.0.0.1", port);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        ShadowValue state = ShadowValue.Parse(aws.Shadows.Find(_thing)!)["state"]!;
        state["reported"]!["n"].ShouldBe(100);
        shadow.Desired["m"].ShouldBe(1);
    }

    private static async Task<MqttConnection> ConnectAsync(int port)
    {
        var connection = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Port = port, Tls = null, ClientId = $"device-{Guid.NewGuid():N}" });
        await connection.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
        return connection;
    }

    private ShadowCache Open(MqttConnection connection, TempDirectory directory)
    {
        var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = _thing,
            StateDirectory = directory["shadow"],
            Shadows = [ShadowId.Classic, new ShadowId("config")],
            ReplyTimeout = TimeSpan.FromSeconds(1),
        });
        cache.Start();
        return cache;
    }
}
