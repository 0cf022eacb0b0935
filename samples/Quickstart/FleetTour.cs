using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.Quickstart;

/// <summary>A simulated day of a fleet: what is unusual about its connections, when its errors surged, and which things a query finds.</summary>
internal static class FleetTour
{
    private const string Query = "attributes.firmware:2.0.10 AND shadow.reported.battery>50";

    /// <summary>How the emulator's index reads queries.</summary>
    public static Func<System.Text.Json.JsonElement, bool> ReadQuery(string text)
    {
        FleetQuery query = FleetQuery.Parse(text);
        return thing => query.Matches(FleetThing.Read(thing));
    }

    /// <summary>Runs it; true when the faults were found that the simulation put there.</summary>
    public static async Task<bool> RunAsync(AwsEmulator emulator, CancellationToken cancellationToken)
    {
        var simulation = new FleetSimulation(new FleetSimulationOptions { Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        var tracker = new ConnectionTracker();
        var monitor = new ConnectivityMonitor();
        var reader = new IotLogReader();
        var timeline = new ErrorTimeline();
        List<ConnectivityAlarm> alarms = [];
        foreach (SimulatedMessage message in DisorderedDelivery.Of(simulation.Run(), seed: 1))
        {
            if (message.IsLifecycle)
            {
                LifecycleEvent one = LifecycleEvent.Parse(message.Payload.Span);
                if (tracker.Apply(one, one.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
                {
                    alarms.AddRange(monitor.Add(one));
                }
            }
            else if (message.Kind == SimulatedMessageKind.Log && reader.TryReadError(message.Payload.Span, out IotLogEntry? error))
            {
                timeline.Add(error!);
            }
        }

        IReadOnlyList<ErrorSurge> surges = timeline.Surges();
        bool[] found = [.. simulation.Faults.Where(fault => fault.Kind != SimulatedFaultKind.Drift).Select(fault => Show(fault, alarms, surges))];
        await SearchAsync(emulator, simulation, cancellationToken);
        return Array.TrueForAll(found, isFound => isFound);
    }

    private static bool Show(SimulatedFault fault, List<ConnectivityAlarm> alarms, IReadOnlyList<ErrorSurge> surges)
    {
        ConnectivityAlarm? alarm = alarms.Find(one => one.Time >= fault.Start && one.Time < fault.End
            && (one.Subject is { } subject ? [subject] : one.Clients).Intersect(fault.Devices, StringComparer.Ordinal).Any());
        ErrorSurge? surge = surges.FirstOrDefault(one => one.End > fault.Start && one.Start < fault.End);
        Console.WriteLine(
            $"Fleet: {fault.Kind} from {fault.Start:HH:mm:ss} is {(alarm is null ? "NOT FOUND" : $"{alarm.Kind} at {alarm.Time:HH:mm:ss}")}"
            + $"{(surge is null ? "." : $"; errors surged: {surge.Errors} instead of {surge.Expected:0.#}.")}");
        return alarm is not null;
    }

    private static async Task SearchAsync(AwsEmulator emulator, FleetSimulation simulation, CancellationToken cancellationToken)
    {
        foreach (string thing in simulation.Things())
        {
            emulator.Fleet.SetThing(thing);
        }

        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
            Endpoint = emulator.Endpoint,
        });
        int found = await new FleetIndex(client).SearchAsync(FleetQuery.Parse(Query), cancellationToken).CountAsync(cancellationToken);
        Console.WriteLine($"Fleet: {found} of {simulation.Devices.Count()} things have {Query}.");
    }
}
