using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Mqtt;
using IotOps.Samples.FleetTool.Simulation;
using IotOps.Samples.Simulation;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.Simulation;

public sealed class LiveFleetTests
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    [Fact]
    public async Task Everything_happens_at_its_time()
    {
        var clock = new ManualTimeProvider(Day);
        var link = new RecordingLink(clock);
        var options = new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromHours(1), Devices = 3, Regions = 1, Flapping = 1, Drifting = 0, Compromised = 0, Outage = false };
        Task running = new LiveFleet(link, clock).RunAsync(new FleetSimulation(options), speed: 2, cancellationToken: TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await running;
        SimulatedMessage[] expected = [.. new FleetSimulation(options).Run().Where(message => message.Kind is not SimulatedMessageKind.Log)];
        link.Done.Select(done => done.What).ShouldBe(expected.Select(message => $"{message.Kind} {message.Device}"));
        link.Done.Zip(expected).ShouldAllBe(pair => pair.First.At >= Day + ((pair.Second.Time - Day) / 2));
    }

    [Fact]
    public async Task What_fails_is_counted_and_the_fleet_goes_on()
    {
        var link = new RecordingLink(TimeProvider.System) { Fails = "THING00002" };
        var live = new LiveFleet(link, TimeProvider.System);
        var options = new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromHours(1), Devices = 3, Regions = 1, Flapping = 0, Drifting = 0, Compromised = 0, Outage = false };

        await live.RunAsync(new FleetSimulation(options), speed: 1e9, cancellationToken: TestContext.Current.CancellationToken);

        live.Failed.ShouldBeGreaterThan(0);
        live.FirstFailure.ShouldBe("THING00002: it is broken");
        live.Published.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task On_the_emulators_broker_the_known_faults_are_found_in_its_own_lifecycle_events()
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        await using var watcher = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Port = aws.Mqtt.Port, Tls = null, ClientId = "watcher" });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await watcher.ConnectAsync(limit.Token);
        await using IMqttSubscription events = await watcher.SubscribeAsync(["$aws/events/presence/#"], cancellationToken: limit.Token);
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Duration = TimeSpan.FromHours(1), Devices = 30, Flapping = 0, Drifting = 0, TelemetryInterval = TimeSpan.FromMinutes(20) });
        await using var link = new MqttLink("127.0.0.1", aws.Mqtt.Port);
        var live = new LiveFleet(link, TimeProvider.System);

        await live.RunAsync(simulation, speed: 1e9, cancellationToken: limit.Token);

        live.FirstFailure.ShouldBeNull();

        // One of each device: the service takes another one after five minutes of its own clock.
        aws.Defender.Reports.Count(report => report.ErrorCode is null).ShouldBe(30);
        SimulatedFault outage = simulation.Faults.Single(fault => fault.Kind == SimulatedFaultKind.RegionalOutage);
        string taken = simulation.Faults.Single(fault => fault.Kind == SimulatedFaultKind.Compromised).Devices[0];
        List<ConnectivityAlarm> alarms = await AlarmsAsync(events, until: alarm => alarm.Kind == ConnectivityAlarmKind.NewPrincipal, limit.Token);
        alarms.ShouldContain(alarm => alarm.Kind == ConnectivityAlarmKind.NewPrincipal && alarm.Subject == taken);
        alarms.Single(alarm => alarm.Kind == ConnectivityAlarmKind.FleetDrop).Clients.Intersect(outage.Devices, StringComparer.Ordinal).Count().ShouldBeGreaterThanOrEqualTo(9);
    }

    private static async Task<List<ConnectivityAlarm>> AlarmsAsync(IMqttSubscription events, Func<ConnectivityAlarm, bool> until, CancellationToken cancellationToken)
    {
        var tracker = new ConnectionTracker();
        var monitor = new ConnectivityMonitor();
        List<ConnectivityAlarm> alarms = [];
        await foreach (MqttReceivedMessage message in events.Messages.ReadAllAsync(cancellationToken))
        {
            LifecycleEvent one = LifecycleEvent.Parse(message.Payload.Span);
            if (tracker.Apply(one) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
            {
                alarms.AddRange(monitor.Add(one));
            }

            if (alarms.Any(until))
            {
                break;
            }
        }

        return alarms;
    }

    private sealed class RecordingLink(TimeProvider clock) : ISimulatedLink
    {
        public string? Fails { get; init; }

        public List<(string What, DateTimeOffset At)> Done { get; } = [];

        public Task ConnectAsync(string device, string principal, CancellationToken cancellationToken) => DoAsync(device, SimulatedMessageKind.Connected);

        public Task DisconnectAsync(string device, bool isCut) => DoAsync(device, SimulatedMessageKind.Disconnected);

        public Task PublishAsync(string device, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            DoAsync(device, topic.EndsWith("telemetry", StringComparison.Ordinal) ? SimulatedMessageKind.Telemetry : SimulatedMessageKind.Report);

        private Task DoAsync(string device, SimulatedMessageKind kind)
        {
            if (device == Fails)
            {
                throw new InvalidOperationException("it is broken");
            }

            Done.Add(($"{kind} {device}", clock.GetUtcNow()));
            return Task.CompletedTask;
        }
    }
}
