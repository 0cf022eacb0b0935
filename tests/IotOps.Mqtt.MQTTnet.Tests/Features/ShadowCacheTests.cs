using IotOps.Emulator;
using IotOps.Shadow;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Features;

/// <summary>The shadow cache over a team's own MQTTnet client, which redelivers nothing.</summary>
public sealed class ShadowCacheTests : IAsyncLifetime
{
    private const string Thing = "THING00001";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new(inMemory: true);
    private AwsEmulator _aws = null!;
    private TeamClient _team = null!;
    private MqttNetConnection _connection = null!;

    /// <summary>What may happen to an update whose PUBACK does not come.</summary>
    public static TheoryData<string> Cuts => ["before the service has it", "after the service has it", "after it, its answer lost too"];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_between_the_publish_and_its_acknowledgement_loses_no_edit(string cut)
    {
        await using ShadowCache cache = Open();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("n", 0);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        int before = _aws.Shadows.Requests.Count;
        FaultHandle fault = _aws.Faults.Add(new Fault
        {
            Operation = "MqttPublish",
            When = static request => request.Topic == $"$aws/things/{Thing}/shadow/update",
            Times = 1,
            DropBeforeAccepting = cut.StartsWith("before", StringComparison.Ordinal),
            DropAfterAccepting = cut.StartsWith("after", StringComparison.Ordinal),
        });
        FaultHandle? lost = !cut.EndsWith("too", StringComparison.Ordinal) ? null : _aws.Faults.Add(new Fault
        {
            Operation = "UpdateThingShadow",
            Times = 1,
            NoAnswer = true,
        });
        for (int i = 1; i <= 10; i++)
        {
            await shadow.Reported.SetAsync("n", i);
        }

        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        (fault.Hits, lost?.Hits ?? 1).ShouldBe((1, 1));
        _connection.State.Connections.ShouldBe(2);
        Reported()["n"].ShouldBe(10);
        _aws.Shadows.Requests.Skip(before).Count(static request => request.Operation == "UpdateThingShadow").ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task Edits_of_both_sides_during_a_cut_come_together()
    {
        await using ShadowCache cache = Open();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("a", 1);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        _aws.Mqtt.StopListening(keepSessions: false);
        await shadow.Reported.SetAsync("a", 2);
        _aws.Shadows.Update(Thing, """{"state":{"desired":{"b":2},"reported":{"c":3}}}""");
        _aws.Mqtt.StartListening();
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);

        Reported().ShouldBe(ShadowValue.Parse("""{"a":2,"c":3}"""));
        shadow.Desired["b"].ShouldBe(2);
        _aws.Shadows.Update(Thing, """{"state":{"desired":{"b":4}}}""");
        await foreach (ShadowDelta delta in shadow.DeltasAsync())
        {
            if (delta.State["b"]!.GetInt64() == 4)
            {
                break;
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        _team = new TeamClient(_aws.Mqtt.Port, Thing);
        _connection = new MqttNetConnection(_team.Client);
        await _team.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _team.DisposeAsync();
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    private ShadowCache Open()
    {
        var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = _connection,
            ThingName = Thing,
            StateDirectory = _directory["state"],
            ReplyTimeout = TimeSpan.FromSeconds(1),
        });
        cache.Start();
        return cache;
    }

    private ShadowValue Reported() => ShadowValue.Parse(_aws.Shadows.Find(Thing)!)["state"]!["reported"]!;
}
