using IotOps.Defender;
using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Samples.CommandLine;
using IotOps.Samples.DeviceAgent.Defender;
using IotOps.Samples.DeviceAgent.Health;
using IotOps.Samples.DeviceAgent.Outbox;
using IotOps.Samples.DeviceAgent.Remediations;
using IotOps.Samples.DeviceAgent.Shadow;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Runs the agent's services until told to stop.</summary>
internal static class RunCommand
{
    // Enough for a request that is under way and one more; what is left then stays on disk for the next start.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    public static Command Command { get; } = new()
    {
        Name = "run",
        Summary = "Ship log files to CloudWatch Logs, keep the shadows and report to Device Defender until SIGTERM or Ctrl+C; then drain, for at most 10 seconds.",
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
            return await StartAsync(arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or MqttException)
        {
            // A state directory in use, a certificate that is not there, an option out of range: the message says which.
            await Console.Error.WriteLineAsync($"DeviceAgent: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> StartAsync(CommandArguments arguments)
    {
        AgentConfig config = AgentConfigFile.Read(arguments["--config"]!);
        config.Aws.Apply();
        TimeSpan? untilIdle = arguments.Duration("--until-idle");
        using var signals = new ShutdownSignals();
        using AgentLog log = AgentLog.Open(config.Trace);
        await using AgentHealth? health = AgentHealth.Open(config);
        await using AgentMqtt? mqtt = AgentMqtt.Open(config, log.Factory, log.Logger);
        await using AgentShadow? shadow = await AgentShadow.StartAsync(config, mqtt?.Connection, log.Factory);
        await using AgentOutbox? outbox = await AgentOutbox.StartAsync(config, mqtt?.Connection, log.Factory);
        await using DefenderPublisher? defender = AgentDefender.Start(config, mqtt?.Connection, log.Factory);
        using var restart = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, restart.Token);
        await using AgentRemediation? remediation = await AgentRemediation.StartAsync(config, shadow, new RemediationActions(config.Remediation, log, defender, restart), log.Logger);
        if (mqtt is not null)
        {
            health?.Watch(mqtt);
            mqtt.Connect();
        }

        if (config.Ships || mqtt is null)
        {
            return await ShipAsync(config, log, mqtt, health, untilIdle, arguments.Has("--json"), stop.Token);
        }

        Log.Started(log.Logger, 0, config.Shadow?.Names.Count ?? 0);
        await WaitAsync(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token), stop.Token);
        Log.Unmatched(log.Logger, mqtt.Unmatched);
        return 0;
    }

    private static async Task<int> ShipAsync(AgentConfig config, AgentLog log, AgentMqtt? mqtt, AgentHealth? health, TimeSpan? untilIdle, bool json, CancellationToken stop)
    {
        await using var shipper = new LogShipper(AgentOptions.Of(config, log.Factory));
        log.SendTo(shipper, config.Trace);
        health?.Watch(shipper);
        Log.Started(log.Logger, config.Files.Count, config.Shadow?.Names.Count ?? 0);
        shipper.Start();
        await WaitAsync(
            untilIdle is { } quiet
                ? shipper.WaitUntilIdleAsync(quiet, stop)
                : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop),
            stop);

        Log.Stopping(log.Logger);
        using var drain = new CancellationTokenSource(DrainTime);
        LogShipperStatistics counters = await shipper.StopAsync(drain.Token);
        var report = new CounterReport(counters, mqtt?.Unmatched);
        if (json)
        {
            report.WriteJson(Console.OpenStandardOutput());
        }
        else
        {
            Console.WriteLine(report.Line());
        }

        // A signal asks for an orderly end, and what is pending is safe on disk. --until-idle promises that all is accepted.
        bool complete = counters is { EventsPending: 0, FilesPending: 0, EventsQuarantined: 0, EventsDropped: 0 };
        return stop.IsCancellationRequested || complete ? 0 : 1;
    }

    private static async Task WaitAsync(Task end, CancellationToken stop)
    {
        try
        {
            await end;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The signal that ends a run is its normal end.
        }
    }
}
