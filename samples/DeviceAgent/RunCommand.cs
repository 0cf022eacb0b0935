using IotOps.Logs;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Ships log files until told to stop.</summary>
internal static class RunCommand
{
    // Enough for a request that is under way and one more; what is left then stays on disk for the next start.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    public static Command Command { get; } = new()
    {
        Name = "run",
        Summary = "Ship log files to CloudWatch Logs until SIGTERM or Ctrl+C; then drain, for at most 10 seconds.",
        Options =
        [
            new("--config", "FILE", "Configuration, JSON5.") { Required = true },
            new("--until-idle", "TIME", "Stop when all that could be read is accepted and nothing new came for this long, such as 3s."),
            new("--json", null, "Print the final counters as one JSON object."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        try
        {
            return await ShipAsync(arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A state directory in use, a certificate that is not there, an option out of range: the message says which.
            await Console.Error.WriteLineAsync($"DeviceAgent: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> ShipAsync(CommandArguments arguments)
    {
        AgentConfig config = AgentConfigFile.Read(arguments["--config"]!);
        TimeSpan? untilIdle = arguments.Duration("--until-idle");
        using var signals = new ShutdownSignals();
        using AgentLog log = AgentLog.Open(config.Trace);
        await using var shipper = new LogShipper(AgentOptions.Of(config, log.Factory));

        log.SendTo(shipper, config.Trace);
        Log.Started(log.Logger, config.Files.Count, AgentOptions.Region(config));
        shipper.Start();
        await WaitAsync(shipper, untilIdle, signals.Requested);

        Log.Stopping(log.Logger);
        using var drain = new CancellationTokenSource(DrainTime);
        LogShipperStatistics counters = await shipper.StopAsync(drain.Token);
        if (arguments.Has("--json"))
        {
            CounterReport.WriteJson(Console.OpenStandardOutput(), counters);
        }
        else
        {
            Console.WriteLine(CounterReport.Line(counters));
        }

        // A signal asks for an orderly end, and what is pending is safe on disk. --until-idle promises that all is accepted.
        bool complete = counters is { EventsPending: 0, EventsQuarantined: 0, EventsDropped: 0 };
        return signals.Requested.IsCancellationRequested || complete ? 0 : 1;
    }

    private static async Task WaitAsync(LogShipper shipper, TimeSpan? untilIdle, CancellationToken stop)
    {
        try
        {
            await (untilIdle is { } quiet
                ? shipper.WaitUntilIdleAsync(quiet, stop)
                : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The signal that ends a run is its normal end.
        }
    }
}
