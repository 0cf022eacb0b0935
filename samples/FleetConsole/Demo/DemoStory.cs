using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.FleetConsole.Demo;

/// <summary>
/// A week of a simulated fleet: devices that flap, sensors that drift, a region that was lost. Half an hour ago a policy was changed, since when all devices
/// with one firmware are refused. In the last minutes somebody took a device over, and its first report since then comes when the console is there.
/// </summary>
internal sealed class DemoStory
{
    public const int Devices = 60;

    // The broker counts connections from 0 on: those of the past come before.
    private const long EarlierVersions = 1_000_000;

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _now;
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(45);

    private readonly List<SimulatedMessage> _suspectLive = [];
    private readonly FleetSimulation _week;
    private readonly FleetSimulation _hour;
    private readonly MessageReader _reader = new(SegmentRules.Default);
    private string[] _refused = [];

    public DemoStory(TimeProvider clock)
    {
        _clock = clock;
        _now = new DateTimeOffset(clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

        // The hour begins so that the first report of the device that was taken over comes in a moment.
        FleetSimulationOptions hour = Options with { Start = _now.AddHours(-1), Duration = TimeSpan.FromHours(1), Flapping = 0, Drifting = 0, Outage = false, ReportInterval = TimeSpan.FromMinutes(5) };
        DateTimeOffset start = _now.AddHours(-1) + (clock.GetUtcNow() + Shown - FirstReport(new FleetSimulation(hour)));
        _hour = new FleetSimulation(hour with { Start = start });
        _week = new FleetSimulation(Options with { Start = _now.AddDays(-7), Duration = start - _now.AddDays(-7), Compromised = 0, TelemetryInterval = TimeSpan.FromMinutes(15) });
        Things = [.. _hour.Devices];
        Suspect = Taken(_hour).Devices[0];
    }

    public IReadOnlyList<string> Things { get; }

    /// <summary>Who was taken over.</summary>
    public string Suspect { get; }

    /// <summary>When the policy was changed.</summary>
    public DateTimeOffset Changed => _now.AddMinutes(-34);

    private static FleetSimulationOptions Options => new() { Devices = Devices, Seed = 7 };

    /// <summary>Replays the week and the hour into a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reports">Gets the reports of the last hour, which a DetectWorker judges.</param>
    /// <param name="told">Told the time that was reached.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ReplayAsync(IConsoleStore store, Func<IReadOnlyCollection<ReadOnlyMemory<byte>>, Task> reports, Action<DateTimeOffset> told, CancellationToken cancellationToken)
    {
        var items = new FeedItems();
        foreach (string json in _hour.Things())
        {
            _reader.ReadThing(FleetThing.Read(System.Text.Json.JsonElement.Parse(json)), items);
        }

        _refused = [.. items.Things.Where(thing => thing.Segments.Any(segment => segment is "firmware 2.0.10")).Select(thing => thing.Name)];
        items.Trail.AddRange(Trail());
        items.Digests.AddRange(Digests());
        items.Findings.AddRange(Findings());
        items.Documents.Add(new DeviceDocument(Suspect, DeviceDocument.Shadow, _now.AddMinutes(-20), """
            {"state":{"desired":{"interval":60,"logLevel":"info"},"reported":{"interval":60,"logLevel":"off"},"delta":{"logLevel":"info"}},"version":412}
            """));
        List<ReadOnlyMemory<byte>> judged = [];
        DateTimeOffset day = default;
        SimulatedMessage? connection = null;
        foreach (SimulatedMessage message in _week.Run().Concat(_hour.Run()))
        {
            if (message.Device == Suspect && message.Time >= _hour.Start && message.Kind is SimulatedMessageKind.Connected or SimulatedMessageKind.Disconnected)
            {
                connection = message.Time < _now && message.Device == Suspect ? message : connection;
            }

            if (message.Time >= _now)
            {
                // What is still to come of the suspect comes live; the others go on with a day of their own.
                _suspectLive.AddRange(message.Device == Suspect ? [message] : []);
                continue;
            }

            Read(message, items);
            if (message.Kind == SimulatedMessageKind.Report && message.Time >= _hour.Start)
            {
                judged.Add(DemoDetect.Judged(message.Device, message.Payload, message.Time));
            }

            if (items.IsFull)
            {
                await store.AppendAsync(items.Take("demo", default), cancellationToken);
            }

            if (message.Time.Date != day.Date)
            {
                told(day = message.Time);
            }
        }

        _suspectLive.InsertRange(0, connection is { Kind: SimulatedMessageKind.Connected } ? [connection with { Time = _now }] : []);
        for (DateTimeOffset time = Changed.AddMinutes(4); time < _now; time = time.AddSeconds(2))
        {
            Refuse(time, items);
        }

        await store.AppendAsync(items.Take("demo", default), cancellationToken);
        await reports(judged);
        told(_now);
    }

    /// <summary>Goes on with the refusals of the cloud, which no device tells, until it is cancelled.</summary>
    public async Task ContinueAsync(IConsoleStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            var items = new FeedItems();
            Refuse(_clock.GetUtcNow(), items);
            await store.AppendAsync(items.Take("demo", default), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(2), _clock, cancellationToken);
        }
    }

    /// <summary>The suspect goes on, with the reports that give it away, until the hour is over.</summary>
    public async Task ContinueSuspectAsync(ISimulatedLink link, CancellationToken cancellationToken)
    {
        foreach (SimulatedMessage message in _suspectLive)
        {
            TimeSpan wait = message.Time - _clock.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _clock, cancellationToken);
            }

            await (message.Kind switch
            {
                SimulatedMessageKind.Connected => link.ConnectAsync(message.Device, message.Principal!, cancellationToken),
                SimulatedMessageKind.Disconnected => link.DisconnectAsync(message.Device, message.IsCut),
                SimulatedMessageKind.Report or SimulatedMessageKind.Telemetry => link.PublishAsync(message.Device, message.Topic, message.Payload, cancellationToken),
                _ => Task.CompletedTask,
            });
        }
    }

    /// <summary>The simulation of the others that goes on from now, live.</summary>
    public FleetSimulation Live() => new(Options with { Start = _clock.GetUtcNow(), Duration = TimeSpan.FromDays(1), TelemetryInterval = TimeSpan.FromMinutes(1), ReportInterval = TimeSpan.FromMinutes(5), Compromised = 0 });

    private static SimulatedFault Taken(FleetSimulation simulation) => simulation.Faults.Single(fault => fault.Kind == SimulatedFaultKind.Compromised);

    private static DateTimeOffset FirstReport(FleetSimulation simulation)
    {
        SimulatedFault taken = Taken(simulation);
        string device = taken.Devices[0];
        bool isTaken = false;
        foreach (SimulatedMessage message in simulation.Run().Where(message => message.Device == device && message.Time >= taken.Start))
        {
            // The owner is sent away by who connects in its name.
            isTaken |= message.Kind == SimulatedMessageKind.Connected;
            if (isTaken && message.Kind == SimulatedMessageKind.Report)
            {
                return message.Time;
            }
        }

        throw new InvalidOperationException($"{device} says nothing after it was taken over; choose another seed.");
    }

    private void Read(SimulatedMessage message, FeedItems items)
    {
        switch (message.Kind)
        {
            case SimulatedMessageKind.Telemetry:
                return;
            case SimulatedMessageKind.Report:
                _reader.Read(message.Payload, message.Topic, message.Time, items);
                return;
            case SimulatedMessageKind.Log:
                _reader.ReadLog(message.Payload, message.Time, items);
                return;
            default:
                LifecycleEvent one = LifecycleEvent.Parse(message.Payload.Span);

                // The hour's simulation counts from 0 as the week's did.
                items.Lifecycle.Add(one.Version is { } version ? one with { Version = version - (message.Time < _hour.Start ? 2 * EarlierVersions : EarlierVersions) } : one);
                return;
        }
    }

    private void Refuse(DateTimeOffset time, FeedItems items)
    {
        string thing = _refused[(int)(time.ToUnixTimeMilliseconds() / 100 % _refused.Length)];
        string line = new JsonObject
        {
            ["timestamp"] = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            ["logLevel"] = "ERROR",
            ["traceId"] = Guid.NewGuid().ToString(),
            ["accountId"] = "123456789012",
            ["status"] = "Failure",
            ["eventType"] = "Publish-In",
            ["protocol"] = "MQTT",
            ["topicName"] = $"telemetry/{thing}/battery",
            ["clientId"] = thing,
            ["principalId"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(thing))),
            ["sourceIp"] = $"192.0.2.{1 + (thing[^1] - '0')}",
            ["ruleName"] = "battery_to_timestream",
            ["reason"] = "AUTHORIZATION_FAILURE",
            ["details"] = $"Publish to telemetry/{thing}/battery is not allowed by policy fleet-telemetry",
        }.ToJsonString();
        _reader.ReadLog(Encoding.UTF8.GetBytes(line), time, items);
    }

    private IEnumerable<TrailRow> Trail()
    {
        yield return Row(Changed, "iot.amazonaws.com", "CreatePolicyVersion", "release-pipeline", "fleet-telemetry, set as default", CloudTrailCredentials.Role);
        yield return Row(Changed.AddMinutes(3), "iot.amazonaws.com", "ReplaceTopicRule", "release-pipeline", "battery_to_timestream", CloudTrailCredentials.Role);
        yield return Row(Changed.AddMinutes(-9), "iot.amazonaws.com", "UpdateIndexingConfiguration", "ops-admin", "thing index", CloudTrailCredentials.IamUser);
        for (int hour = 2; hour < 24 * 7; hour += 3)
        {
            yield return Row(_now.AddHours(-hour).AddMinutes(-hour % 50), "greengrass.amazonaws.com", "CreateDeployment", "release-pipeline", $"agent-2.0.{hour % 7} to north", CloudTrailCredentials.Role);
        }
    }

    private static TrailRow Row(DateTimeOffset time, string service, string name, string actor, string resource, CloudTrailCredentials credentials) => new($"demo-{name}-{time.ToUnixTimeSeconds()}", time, service, name)
    {
        Actor = actor,
        Credentials = credentials,
        Address = "192.0.2.10",
        Resource = resource,
        IsWrite = true,
        Json = new JsonObject { ["eventTime"] = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), ["eventSource"] = service, ["eventName"] = name, ["readOnly"] = false }.ToJsonString(),
    };

    // The digest of the last hours is not there yet, and of one hour a log file is missing.
    private IEnumerable<DigestHour> Digests() => Enumerable.Range(2, 24 * 7).Select(hour => hour == 9
        ? new DigestHour(_now.AddHours(-hour), DigestVerdict.Gap, "the digest names a log file that is missing", _now)
        : new DigestHour(_now.AddHours(-hour), DigestVerdict.Verified, null, _now));

    private IEnumerable<ConsoleFinding> Findings()
    {
        DateTimeOffset audit = _now.AddHours(-6);
        string[] sharing = DemoAccount.Sharing(Things, Suspect);
        yield return new ConsoleFinding("audit/demo-shared", FindingSource.Audit, FindingSeverity.Critical, "DEVICE_CERTIFICATE_SHARED_CHECK", $"thing {sharing[0]}", $"{sharing[1]} connects with the same certificate", audit, audit) { Thing = sharing[0] };
        yield return new ConsoleFinding("audit/demo-policy", FindingSource.Audit, FindingSeverity.Medium, "IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK", "policy fleet-telemetry", "A wildcard that MQTT does not know", audit.AddDays(-5), audit);
        yield return new ConsoleFinding("audit/demo-age", FindingSource.Audit, FindingSeverity.Low, "DEVICE_CERTIFICATE_AGE_CHECK", "31 certificates", "Older than 365 days", audit.AddDays(-40), audit);
    }
}
