using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.Tests.Simulation;

/// <summary>The detectors of IotOps.Fleet on simulated days: they find the faults that are in them, and nothing else.</summary>
public sealed class KnownFaultTests
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_unusual_about_connections_is_found_though_events_come_late_and_twice(int seed)
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Seed = seed });
        var tracker = new ConnectionTracker();
        var monitor = new ConnectivityMonitor();
        List<ConnectivityAlarm> alarms = [];
        foreach (SimulatedMessage message in DisorderedDelivery.Of(simulation.Run(), seed).Where(message => message.IsLifecycle))
        {
            LifecycleEvent one = LifecycleEvent.Parse(message.Payload.Span);
            if (tracker.Apply(one, one.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
            {
                alarms.AddRange(monitor.Add(one));
            }
        }

        string flapping = Fault(simulation, SimulatedFaultKind.Flapping).Devices[0], taken = Fault(simulation, SimulatedFaultKind.Compromised).Devices[0];
        alarms.Where(alarm => alarm.Subject == flapping).Select(alarm => alarm.Kind).Distinct().ShouldBe([ConnectivityAlarmKind.Disconnects]);
        alarms.Where(alarm => alarm.Subject == taken).Select(alarm => alarm.Kind)
            .ShouldBe([ConnectivityAlarmKind.AuthenticationErrors, ConnectivityAlarmKind.NewPrincipal, ConnectivityAlarmKind.NewAddress]);
        SimulatedFault outage = Fault(simulation, SimulatedFaultKind.RegionalOutage);
        ConnectivityAlarm drop = alarms.Where(alarm => alarm.Kind == ConnectivityAlarmKind.FleetDrop).ShouldHaveSingleItem();
        drop.Time.ShouldBeInRange(outage.Start, outage.Start.AddMinutes(1));
        drop.Clients.Intersect(outage.Devices, StringComparer.Ordinal).Count().ShouldBeGreaterThan(outage.Devices.Count * 9 / 10);
        alarms.Where(alarm => alarm.Subject is { } subject && subject != flapping && subject != taken).ShouldBeEmpty();
        tracker.All().ToDictionary(client => client.ClientId, client => client.IsConnected, StringComparer.Ordinal).ShouldBe(Connected(simulation), ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Errors_surge_where_something_goes_wrong_and_nowhere_else(int seed)
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = Day, Seed = seed });
        var timeline = new ErrorTimeline();
        var reader = new IotLogReader();
        foreach (SimulatedMessage message in simulation.Run().Where(message => message.Kind == SimulatedMessageKind.Log))
        {
            if (reader.TryReadError(message.Payload.Span, out IotLogEntry? entry))
            {
                timeline.Add(entry!);
            }
        }

        IReadOnlyList<ErrorSurge> surges = timeline.Surges();

        SimulatedFault outage = Fault(simulation, SimulatedFaultKind.RegionalOutage);
        surges.ShouldContain(surge => surge.Reason.StartsWith("Disconnect CONNECTION_LOST") && Overlaps(surge, Fault(simulation, SimulatedFaultKind.Flapping)));
        surges.ShouldContain(surge => surge.Reason.StartsWith("Disconnect CONNECTION_LOST") && surge.Start <= outage.Start && surge.End > outage.Start);
        surges.ShouldContain(surge => surge.Reason.StartsWith("Connect THROTTLED") && surge.Reason.EndsWith(", new"));
        surges.ShouldAllBe(surge => simulation.Faults.Any(fault => fault.Kind != SimulatedFaultKind.Drift && Overlaps(surge, fault)));
    }

    private static SimulatedFault Fault(FleetSimulation simulation, SimulatedFaultKind kind) => simulation.Faults.Single(fault => fault.Kind == kind);

    // Devices of a region come back for some minutes behind its end.
    private static bool Overlaps(ErrorSurge surge, SimulatedFault fault) => surge.End > fault.Start && surge.Start < fault.End.AddMinutes(5);

    private static Dictionary<string, bool> Connected(FleetSimulation simulation) => simulation.Things().Select(thing => JsonElement.Parse(thing)).ToDictionary(
        thing => thing.GetProperty("thingName").GetString()!, thing => thing.GetProperty("connectivity").GetProperty("connected").GetBoolean(), StringComparer.Ordinal);
}
