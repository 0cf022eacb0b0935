using System.Text;
using IotOps.Detect;
using IotOps.Fleet;
using IotOps.Samples.Simulation;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.Simulation;

/// <summary>
/// A week of a simulated fleet through the worker of detection, as its rules would put it on the queue: late, in disorder and twice. It finds the faults that
/// are in it, and hardly anything else.
/// </summary>
public sealed class DetectedFaultTests : IDisposable
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(15);

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new(Day);
    private readonly ListInbox _inbox = new();
    private readonly List<FleetAlarm> _alarms = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Devices_that_were_taken_or_scan_are_found_within_a_week_of_a_fleet_that_raises_hardly_a_false_alarm(int seed)
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Seed = seed, Devices = 25, Regions = 2, Duration = TimeSpan.FromDays(7), Scanning = 1 });

        await RunAsync(simulation, seed);

        SimulatedFault taken = Fault(simulation, SimulatedFaultKind.Compromised), scanning = Fault(simulation, SimulatedFaultKind.Scanning), flapping = Fault(simulation, SimulatedFaultKind.Flapping);
        FoundAt(taken).ShouldBe(["bytes-out", "destinations", "listening-ports", "refused-connections", "usual-bytes-out"]);
        FoundAt(scanning).ShouldBe(["destinations", "open-connections"]);
        FoundAt(flapping).ShouldBe(["disconnects"]);
        Of(scanning).Count(alarm => alarm.State == FleetAlarmState.Cleared).ShouldBe(2);

        // Nobody has a fault for the rest of the time.
        FleetAlarm[] wrong = [.. Raised().Where(alarm => !simulation.Faults.Any(fault => IsOf(alarm, fault)))];
        wrong.Length.ShouldBeLessThanOrEqualTo((int)(0.01 * 25 * 7), string.Join('\n', wrong.Select(alarm => $"{alarm.Time:u} {alarm.Rule} {alarm.Device}: {alarm.Summary}")));

        // A lost region is one alarm about the fleet, and none about its devices.
        SimulatedFault outage = Fault(simulation, SimulatedFaultKind.RegionalOutage);
        FleetAlarm drop = Raised().Where(alarm => alarm.Time >= outage.Start && alarm.Time < outage.End.AddMinutes(10)).ShouldHaveSingleItem();
        drop.Rule.ShouldBe(nameof(ConnectivityAlarmKind.FleetDrop));
    }

    private async Task RunAsync(FleetSimulation simulation, int seed)
    {
        await using SqliteDetectStore store = await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = _directory["state.db"] }, Cancelled);
        using var worker = new DetectWorker(new DetectWorkerOptions
        {
            Inbox = _inbox,
            Store = store,
            Engine = new DetectEngine(new DetectEngineOptions { Profiles = [DetectProfile.Parse(Encoding.UTF8.GetBytes(Profile))] }),
            Receivers = 1,
            BatchSize = 1_000,
            TimeProvider = _clock,
        });
        var tracker = new ConnectionTracker();
        var monitor = new ConnectivityMonitor();
        DateTimeOffset next = Day + Slice;
        int reports = 0;
        foreach (SimulatedMessage message in DisorderedDelivery.Of(simulation.Run(), seed))
        {
            while (message.Time >= next)
            {
                await WorkAsync(worker, store, next);
                next += Slice;
            }

            if (message.IsLifecycle)
            {
                _inbox.Put(message.Payload.ToArray());
                LifecycleEvent one = LifecycleEvent.Parse(message.Payload.Span);
                if (tracker.Apply(one, one.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
                {
                    _alarms.AddRange(monitor.Add(one).Where(alarm => alarm.Kind == ConnectivityAlarmKind.FleetDrop).Select(FleetAlarm.Of));
                }
            }
            else if (message.Kind == SimulatedMessageKind.Report)
            {
                byte[] body = Encoding.UTF8.GetBytes(
                    $$"""{"report":"{{Convert.ToBase64String(message.Payload.Span)}}","thing":"{{message.Device}}","time":{{message.Time.ToUnixTimeMilliseconds()}}}""");
                _inbox.Put(body);
                if (++reports % 50 == 0)
                {
                    _inbox.Put(body);
                }
            }
        }

        await WorkAsync(worker, store, simulation.End.AddMinutes(10));
        worker.Statistics.ShouldSatisfyAllConditions(
            done => done.Received.ShouldBeGreaterThan(10_000),
            done => done.Unreadable.ShouldBe(0),
            done => done.Failed.ShouldBe(0),
            done => (done.Duplicates + done.Late).ShouldBeGreaterThan(100));
    }

    private async Task WorkAsync(DetectWorker worker, SqliteDetectStore store, DateTimeOffset until)
    {
        _clock.Advance(until - _clock.GetUtcNow());
        await worker.DrainAsync(Cancelled);
        IReadOnlyList<StoredAlarm> alarms = await store.ClaimAlarmsAsync(until, until.AddHours(1), 1_000, Cancelled);
        _alarms.AddRange(alarms.Select(FleetAlarm.Of));
        await store.RemoveAlarmsAsync([.. alarms.Select(alarm => alarm.Id)], Cancelled);
    }

    private string[] FoundAt(SimulatedFault fault) =>
        [.. Of(fault).Where(alarm => alarm.State == FleetAlarmState.Raised).Select(alarm => alarm.Rule.Split('/')[^1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private IEnumerable<FleetAlarm> Of(SimulatedFault fault) => _alarms.Where(alarm => alarm.Kind == FleetAlarmKind.Detect && IsOf(alarm, fault));

    private IEnumerable<FleetAlarm> Raised() => _alarms.Where(alarm => alarm.State == FleetAlarmState.Raised);

    // What is measured over a quarter of an hour is known at its end.
    private static bool IsOf(FleetAlarm alarm, SimulatedFault fault) =>
        alarm.Time >= fault.Start && alarm.Time < fault.End.AddHours(1) && (alarm.Device is null ? fault.Kind == SimulatedFaultKind.RegionalOutage : fault.Kind != SimulatedFaultKind.Drift && fault.Devices.Contains(alarm.Device, StringComparer.Ordinal));

    private static SimulatedFault Fault(FleetSimulation simulation, SimulatedFaultKind kind) => simulation.Faults.Single(fault => fault.Kind == kind);

    private const string Profile = """
        {
          "securityProfileName": "gateways",
          "behaviors": [
            { "name": "refused-connections", "metric": "aws:num-authorization-failures", "criteria": { "comparisonOperator": "less-than", "value": { "count": 4 }, "durationSeconds": 300 } },
            { "name": "disconnects", "metric": "aws:num-disconnects", "criteria": { "comparisonOperator": "less-than", "value": { "count": 10 }, "durationSeconds": 300 } },
            { "name": "offline", "metric": "aws:disconnect-duration", "criteria": { "comparisonOperator": "less-than", "value": { "count": 60 } } },
            { "name": "listening-ports", "metric": "aws:listening-tcp-ports", "criteria": { "comparisonOperator": "in-port-set", "value": { "ports": [22] } } },
            { "name": "destinations", "metric": "aws:destination-ip-addresses", "criteria": { "comparisonOperator": "in-cidr-set", "value": { "cidrs": ["198.51.100.0/24"] } } },
            { "name": "open-connections", "metric": "aws:num-established-tcp-connections", "criteria": { "comparisonOperator": "less-than", "value": { "count": 20 } } },
            { "name": "bytes-out", "metric": "aws:all-bytes-out", "criteria": { "comparisonOperator": "less-than", "value": { "count": 100000 } } },
            { "name": "usual-bytes-out", "metric": "aws:all-bytes-out", "criteria": { "comparisonOperator": "less-than-equals", "statisticalThreshold": { "statistic": "p99.9" }, "consecutiveDatapointsToAlarm": 3 } }
          ]
        }
        """;
}
