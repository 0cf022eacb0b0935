namespace IotOps.Samples.Simulation;

/// <summary>
/// A fleet of simulated devices: telemetry, lifecycle events, Device Defender reports and IoT logs, in the order of time, with faults that are known.
/// Memory depends on the number of devices alone. Not thread-safe.
/// </summary>
public sealed class FleetSimulation
{
    private const string LogGroup = "AWSIotLogsV2";
    private const int Attempts = 8;
    private const double MostLossesPerHour = 0.15;

    private readonly FleetSimulationOptions _options;
    private readonly SimulatedDevice[] _devices;
    private readonly PriorityQueue<(SimulatedDevice Device, SimulatedStep Step, int Plan), (long Ticks, long Number)> _steps = new();
    private long _number;
    private bool _hasRun;

    /// <summary>Plans a simulation.</summary>
    /// <exception cref="ArgumentException">The options cannot be simulated; the message says why.</exception>
    public FleetSimulation(FleetSimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem is { } problem)
        {
            throw new ArgumentException($"The fleet cannot be simulated: {problem}.", nameof(options));
        }

        _options = options;
        Start = options.Start ?? Minutes(options.TimeProvider.GetUtcNow() - options.Duration);
        _devices = [.. Enumerable.Range(1, options.Devices).Select(number => new SimulatedDevice(options, number))];
        Faults = FaultPlan.Make(options, Start, _devices);
    }

    /// <summary>The first moment.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>The moment behind the last.</summary>
    public DateTimeOffset End => Start + _options.Duration;

    /// <summary>What goes wrong, by time: the ground truth.</summary>
    public IReadOnlyList<SimulatedFault> Faults { get; }

    /// <summary>Steps that wait for their time.</summary>
    internal int Planned => _steps.Count;

    /// <summary>The names of the devices, sorted.</summary>
    public IEnumerable<string> Devices => _devices.Select(device => device.Name);

    /// <summary>Runs it. Each message is made when it is asked for.</summary>
    /// <exception cref="InvalidOperationException">It has run before.</exception>
    public IEnumerable<SimulatedMessage> Run()
    {
        if (_hasRun)
        {
            throw new InvalidOperationException("A simulation runs once; make another one with the same options to have it again.");
        }

        _hasRun = true;
        Begin();
        return Steps();
    }

    /// <summary>The things as SearchIndex answers them, a JSON object each, as they are after what was run so far.</summary>
    public IEnumerable<string> Things() => _devices.Select(SimulatedPayload.Thing);

    private void Begin()
    {
        var byName = _devices.ToDictionary(device => device.Name, StringComparer.Ordinal);
        foreach (SimulatedDevice device in _devices)
        {
            Plan(device, SimulatedStep.Connect, Start + device.Random.Seconds(0, 60));
            Plan(device, SimulatedStep.Measure, Start + device.Random.Seconds(60, 60 + _options.TelemetryInterval.TotalSeconds));
            Plan(device, SimulatedStep.Report, Start + device.Random.Seconds(60, 60 + _options.ReportInterval.TotalSeconds));
        }

        foreach (SimulatedFault fault in Faults)
        {
            foreach (SimulatedDevice device in fault.Devices.Select(name => byName[name]))
            {
                switch (fault.Kind)
                {
                    case SimulatedFaultKind.Flapping:
                        device.Flapping = fault;
                        Plan(device, SimulatedStep.Lose, fault.Start, always: true);
                        break;
                    case SimulatedFaultKind.Drift:
                        device.Drift = fault;
                        break;
                    case SimulatedFaultKind.Scanning:
                        device.Scanning = fault;
                        break;
                    case SimulatedFaultKind.Compromised:
                        for (int i = 0; i < Attempts; i++)
                        {
                            Plan(device, SimulatedStep.Try, fault.Start.AddSeconds(15 * i), always: true);
                        }

                        Plan(device, SimulatedStep.Take, fault.Start.AddSeconds(15 * Attempts), always: true);
                        break;
                    default:
                        device.DownUntil = fault.End;
                        Plan(device, SimulatedStep.OutageLose, fault.Start + device.Random.Seconds(0, 45), always: true);
                        break;
                }
            }
        }
    }

    private IEnumerable<SimulatedMessage> Steps()
    {
        List<SimulatedMessage> messages = [];
        while (_steps.TryDequeue(out (SimulatedDevice Device, SimulatedStep Step, int Plan) next, out (long Ticks, long Number) at))
        {
            var now = new DateTimeOffset(at.Ticks, TimeSpan.Zero);
            if (now >= End)
            {
                yield break;
            }

            if (next.Plan >= 0 && next.Plan != next.Device.Plan)
            {
                continue;
            }

            messages.Clear();
            Do(next.Device, next.Step, now, messages);
            foreach (SimulatedMessage message in messages)
            {
                yield return message;
            }
        }
    }

    private void Do(SimulatedDevice device, SimulatedStep step, DateTimeOffset now, List<SimulatedMessage> messages)
    {
        switch (step)
        {
            case SimulatedStep.Connect:
                Connect(device, now, messages);
                break;
            case SimulatedStep.Lose:
                Lose(device, now, device.Random.Share() < 0.7 ? "CONNECTION_LOST" : "MQTT_KEEP_ALIVE_TIMEOUT", messages);
                Plan(device, SimulatedStep.Connect, now + (device.IsFlapping(now) ? device.Random.Seconds(3, 8) : device.Random.Seconds(5, 60)));
                break;
            case SimulatedStep.OutageLose:
                Lose(device, now, "CONNECTION_LOST", messages);
                device.Refusals = 1 + device.Random.Below(3);
                Plan(device, SimulatedStep.Connect, device.DownUntil + device.Random.Seconds(0, 60));
                break;
            case SimulatedStep.Measure:
                Measure(device, now, messages);
                Plan(device, SimulatedStep.Measure, now + _options.TelemetryInterval, always: true);
                break;
            case SimulatedStep.Report:
                if (device.IsConnected)
                {
                    messages.Add(new SimulatedMessage(SimulatedMessageKind.Report, now, device.Name, $"$aws/things/{device.Name}/defender/metrics/json", SimulatedPayload.Report(device, now)));
                }

                Plan(device, SimulatedStep.Report, now + _options.ReportInterval, always: true);
                break;
            case SimulatedStep.Try:
                Refuse(device, now, messages);
                break;
            case SimulatedStep.Take:
                Lose(device, now, "DUPLICATE_CLIENTID", messages);
                device.Take();
                Plan(device, SimulatedStep.Connect, now);
                Plan(device, SimulatedStep.Intrude, now.AddMinutes(1), always: true);
                break;
            default:
                Log(device, now, "Publish-In", messages, "AUTHORIZATION_FAILURE", "Authorization Failure", topic: $"devices/THING{1 + device.Random.Below(_options.Devices):D5}/command");
                Plan(device, SimulatedStep.Intrude, now.AddMinutes(1), always: true);
                break;
        }
    }

    private void Connect(SimulatedDevice device, DateTimeOffset now, List<SimulatedMessage> messages)
    {
        if (device.Refusals > 0)
        {
            device.Refusals--;
            Log(device, now, "Connect", messages, "THROTTLED", "Connection rate of the account exceeded");
            Plan(device, SimulatedStep.Connect, now + device.Random.Seconds(10, 30));
            return;
        }

        device.IsConnected = true;
        device.Version++;
        device.Session = device.Random.Guid().ToString();
        device.Since = now;
        messages.Add(Lifecycle(SimulatedMessageKind.Connected, "connected", device, now, device.Address, reason: null) with { Principal = device.Principal });
        Log(device, now, "Connect", messages);
        Plan(device, SimulatedStep.Lose, device.IsFlapping(now) ? now + device.Random.Seconds(5, 15) : NextLoss(device, now));
    }

    // Connections last longer at night.
    private DateTimeOffset NextLoss(SimulatedDevice device, DateTimeOffset now)
    {
        DateTimeOffset at = now;
        do
        {
            at += device.Random.UntilNext(MostLossesPerHour);
        }
        while (at < End && at.Hour is < 6 or > 22 && device.Random.Share() > 1.0 / 3);

        return at;
    }

    private static void Lose(SimulatedDevice device, DateTimeOffset now, string reason, List<SimulatedMessage> messages)
    {
        device.Plan++;
        if (!device.IsConnected)
        {
            return;
        }

        device.IsConnected = false;
        device.Since = now;
        device.LastReason = reason;
        messages.Add(Lifecycle(SimulatedMessageKind.Disconnected, "disconnected", device, now, address: null, reason) with { IsCut = true });
        Log(device, now, "Disconnect", messages, reason == "DUPLICATE_CLIENTID" ? "DUPLICATE_CLIENT_ID" : reason, "The connection ended without a DISCONNECT");
    }

    private static void Measure(SimulatedDevice device, DateTimeOffset now, List<SimulatedMessage> messages)
    {
        if (!device.IsConnected)
        {
            return;
        }

        string topic = $"devices/{device.Name}/telemetry";
        messages.Add(new SimulatedMessage(SimulatedMessageKind.Telemetry, now, device.Name, topic, SimulatedPayload.Telemetry(device, now)));
        Log(device, now, "Publish-In", messages, topic: topic);
        if (device.Random.Share() < 0.001)
        {
            Log(device, now, "RuleExecution", messages, "Failed to publish", $"The stream took no record after {100 + device.Random.Below(900)} ms", topic, rule: "telemetry_to_stream");
        }
    }

    private static void Refuse(SimulatedDevice device, DateTimeOffset now, List<SimulatedMessage> messages)
    {
        string address = $"203.0.113.{1 + (device.Number % 250)}";
        messages.Add(new SimulatedMessage(
            SimulatedMessageKind.ConnectFailed,
            now,
            device.Name,
            $"$aws/events/presence/connect_failed/{device.Name}",
            SimulatedPayload.Lifecycle("connect_failed", device, now, device.Certificate("guess"), address, "AUTHORIZATION_FAILED")));
        messages.Add(new SimulatedMessage(
            SimulatedMessageKind.Log,
            now,
            device.Name,
            LogGroup,
            SimulatedPayload.Log(device, now, "Connect", device.Certificate("guess"), address, "AUTHORIZATION_FAILURE", "Authorization Failure")));
    }

    private static SimulatedMessage Lifecycle(SimulatedMessageKind kind, string eventType, SimulatedDevice device, DateTimeOffset now, string? address, string? reason) => new(
        kind, now, device.Name, $"$aws/events/presence/{eventType}/{device.Name}", SimulatedPayload.Lifecycle(eventType, device, now, device.Principal, address, reason));

    private static void Log(
        SimulatedDevice device, DateTimeOffset now, string eventType, List<SimulatedMessage> messages, string? reason = null, string? details = null, string? topic = null, string? rule = null) =>
        messages.Add(new SimulatedMessage(
            SimulatedMessageKind.Log, now, device.Name, LogGroup, SimulatedPayload.Log(device, now, eventType, device.Principal, device.Address, reason, details, topic, rule)));

    private void Plan(SimulatedDevice device, SimulatedStep step, DateTimeOffset at, bool always = false) =>
        _steps.Enqueue((device, step, always || step is SimulatedStep.Measure or SimulatedStep.Report ? -1 : device.Plan), (at.UtcTicks, _number++));

    private static DateTimeOffset Minutes(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
