using System.Globalization;
using System.Net.Sockets;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Simulation;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Makes a fleet up.</summary>
internal static class SimulateCommand
{
    private const double MostSpeed = 100_000;

    public static Command Command { get; } = new()
    {
        Name = "simulate",
        Summary = "Make a fleet up, with telemetry, lifecycle events, Device Defender reports, IoT logs and known faults, as files or live on a broker.",
        Options =
        [
            new("--out", "DIR", "Write files there: telemetry, lifecycle, defender, iot-logs (.jsonl), things.json, and faults.json with the faults."),
            new("--broker", "HOST:PORT", "Instead of files: devices that connect to this broker without TLS, such as EmulatorHost's."),
            new("--devices", "COUNT", "Devices; 100 unless given."),
            new("--for", "TIME", "How long it lasts, at least 1h; 1d unless given."),
            new("--start", "TIME", "The first moment, UTC; so long ago that it ends now unless given, with --broker now."),
            new("--seed", "NUMBER", "Chooses one simulation of many; 1 unless given. With --start, the same options give the same files."),
            new("--interval", "TIME", "How often a device says what it measured; 5m unless given."),
            new("--flapping", "COUNT", "Devices that lose their connection every few seconds for a while; 1 unless given."),
            new("--drifting", "COUNT", "Devices whose sensor drifts; 1 unless given."),
            new("--compromised", "COUNT", "Devices that somebody else takes over; 1 unless given."),
            new("--scanning", "COUNT", "Devices that try the ports of other machines for a while; 0 unless given."),
            new("--no-outage", null, "No region is lost; needed below 30 devices."),
            new("--speed", "FACTOR", "With --broker: simulated seconds a second; 1 unless given."),
            new("--force", null, "With --out: write over files that are there."),
            new("--json", null, "Print the faults and the counts as one JSON object a line."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments["--out"] is null == arguments["--broker"] is null)
        {
            throw new UsageException("one of --out and --broker is needed");
        }

        FleetSimulation simulation = Make(arguments);
        foreach (SimulatedFault fault in simulation.Faults)
        {
            Console.WriteLine(arguments.Has("--json") ? JsonLine.Of(json => SimulationFiles.WriteFault(json, fault)) : TerminalText.Printable(fault.ToString()));
        }

        using var signals = new ShutdownSignals();
        using var progress = new TerminalProgress(TimeProvider.System);
        try
        {
            return arguments["--out"] is { } folder
                ? await WriteAsync(arguments, simulation, folder, Told, signals.Requested)
                : await RunLiveAsync(arguments, simulation, Told, signals.Requested);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync("FleetTool: stopped before the end");
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }

        void Told(DateTimeOffset time) => progress.Show(() => $"{time:u}, {100 * (time - simulation.Start) / (simulation.End - simulation.Start):0} %");
    }

    private static FleetSimulation Make(CommandArguments arguments)
    {
        try
        {
            return new FleetSimulation(new FleetSimulationOptions
            {
                Devices = arguments.Integer("--devices", 1, 100_000) ?? 100,
                Seed = Seed(arguments),
                Start = TrailTime.Read(arguments, "--start", TimeProvider.System) ?? (arguments.Has("--broker") ? TimeProvider.System.GetUtcNow() : null),
                Duration = arguments.Duration("--for") ?? TimeSpan.FromDays(1),
                TelemetryInterval = arguments.Duration("--interval") ?? TimeSpan.FromMinutes(5),
                Flapping = arguments.Integer("--flapping", 0, 100_000) ?? 1,
                Drifting = arguments.Integer("--drifting", 0, 100_000) ?? 1,
                Compromised = arguments.Integer("--compromised", 0, 100_000) ?? 1,
                Scanning = arguments.Integer("--scanning", 0, 100_000) ?? 0,
                Outage = !arguments.Has("--no-outage"),
            });
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static int Seed(CommandArguments arguments) => arguments.Integer("--seed", 0, int.MaxValue) ?? 1;

    private static async Task<int> WriteAsync(CommandArguments arguments, FleetSimulation simulation, string folder, Action<DateTimeOffset> told, CancellationToken cancellationToken)
    {
        if (!arguments.Has("--force") && SimulationFiles.Names.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } there)
        {
            throw new UsageException($"{Path.Combine(folder, there)} is there already; --force writes over it");
        }

        long messages = 0;
        IReadOnlyDictionary<string, long> counts = await SimulationFiles.WriteAsync(simulation, folder, Seed(arguments), Count, cancellationToken);
        Print(arguments, string.Join(", ", counts.Select(one => $"{one.Value:N0} in {one.Key}")), counts);
        return 0;

        // Asking for the time of each message would cost more than making it.
        void Count(DateTimeOffset time)
        {
            if (++messages % 1_024 == 0)
            {
                told(time);
            }
        }
    }

    private static async Task<int> RunLiveAsync(CommandArguments arguments, FleetSimulation simulation, Action<DateTimeOffset> told, CancellationToken cancellationToken)
    {
        string broker = arguments["--broker"]!;
        int colon = broker.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(broker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is 0 or > 65_535)
        {
            throw new UsageException($"--broker is a host and a port such as 127.0.0.1:1883, not '{broker}'");
        }

        double speed = 1;
        if (arguments["--speed"] is { } text && (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out speed) || speed is not (> 0 and <= MostSpeed)))
        {
            throw new UsageException($"--speed is a number above 0, up to {MostSpeed:0}, not '{text}'");
        }

        if (await WhyUnreachableAsync(broker[..colon], port, cancellationToken) is { } why)
        {
            await Console.Error.WriteLineAsync($"FleetTool: cannot reach the broker at {broker}: {TerminalText.Printable(why)}");
            return 1;
        }

        await using var link = new MqttLink(broker[..colon], port);
        var live = new LiveFleet(link, TimeProvider.System);
        await live.RunAsync(simulation, speed, told, cancellationToken);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal) { ["connections"] = live.Connections, ["published"] = live.Published, ["failed"] = live.Failed };
        Print(arguments, $"{live.Connections:N0} connections, {live.Published:N0} messages published, {live.Failed:N0} failed, {live.Behind.TotalSeconds:0.#} s behind at most", counts);
        if (live.FirstFailure is { } failure)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {TerminalText.Printable(failure)}");
        }

        return live.Failed == 0 ? 0 : 1;
    }

    // Devices that fail one by one would say so only at the end, which may be a day away.
    private static async Task<string?> WhyUnreachableAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host, port, cancellationToken);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    private static void Print(CommandArguments arguments, string text, IReadOnlyDictionary<string, long> counts) =>
        Console.WriteLine(arguments.Has("--json")
            ? JsonLine.Of(json =>
            {
                foreach ((string name, long count) in counts)
                {
                    json.WriteNumber(name, count);
                }
            })
            : text);
}
