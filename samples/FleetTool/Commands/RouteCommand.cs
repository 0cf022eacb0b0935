using System.Text;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetTool.Routing;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Logging;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Routes messages of a queue, or those that Lambda hands over.</summary>
internal static class RouteCommand
{
    private const string ConfigVariable = "FLEETTOOL_ROUTES";
    private const string DefaultConfig = "routes.json5";

    /// <summary>Where Lambda's runtime API is; null elsewhere.</summary>
    public static string? RuntimeApi => Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is { Length: > 0 } api ? api : null;

    public static Command Command { get; } = new()
    {
        Name = "route",
        Summary = "Hand messages of an SQS queue to workflows and alarms by event patterns, until SIGTERM; in AWS Lambda those that Lambda hands over.",
        Options =
        [
            new("--queue", "URL", "The queue; that of the configuration unless given."),
            new("--config", "FILE", $"What goes where, JSON5; {ConfigVariable} or {DefaultConfig} unless given."),
            new("--workers", "N", "Batches of 10 messages that are handled side by side; 2 unless given."),
            new("--once", null, "End when the queue is empty: 0 when every message was handled, 1 when one was not."),
            FleetClients.RegionOption,
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        using var signals = new ShutdownSignals();
        using var lines = new LineLoggerFactory(new LineLoggerProvider(Console.Error, TimeProvider.System));
        try
        {
            string file = arguments["--config"] ?? Environment.GetEnvironmentVariable(ConfigVariable) ?? DefaultConfig;
            RouteConfig config = ConfigFile.Read(file, RouteConfig.Read);
            using var clients = new FleetClients(arguments["--aws-region"]);

            // Lambda freezes the process between events: what is collected would wait for the next one.
            await using AlarmDispatcher? alarms = config.Alarms?.Dispatcher(clients, isAtOnce: RuntimeApi is not null, lines);
            EventRouter router = Router(config, clients, alarms);
            if (RuntimeApi is { } api && !arguments.Has("--queue") && !arguments.Has("--once"))
            {
                await new EventFunction(router, TimeProvider.System, lines).RunAsync(api, signals.Requested);
                return 0;
            }

            var queue = new EventQueueReader(new EventQueueOptions
            {
                Client = clients.Of(EventQueueReader.Service),
                QueueUrl = arguments["--queue"] ?? config.Queue ?? throw new UsageException($"give --queue URL, or queue in {file}"),
                Router = router,
                Workers = arguments.Integer("--workers", 1, 64) ?? 2,
                LoggerFactory = lines,
            });
            await (arguments.Has("--once") ? queue.DrainAsync(signals.Requested) : queue.RunAsync(signals.Requested));
            await Console.Error.WriteLineAsync($"FleetTool: {queue.Counts.Handled} messages handled, {queue.Counts.Failed} not");
            return arguments.Has("--once") && queue.Counts.Failed > 0 ? 1 : 0;
        }
        catch (ConfigException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is AwsException or ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message.Split(" (Parameter", 2)[0]}");
            return 1;
        }
    }

    private static EventRouter Router(RouteConfig config, FleetClients clients, AlarmDispatcher? alarms)
    {
        var handler = alarms is null ? null : new AlarmHandler(alarms, new AuditFindings(clients.Of(AwsService.Iot)));
        return new EventRouter(new EventRouterOptions
        {
            Routes = [.. config.Routes.Select(route => new EventRoute(route.Name, EventPattern.Parse(Encoding.UTF8.GetString(route.Pattern)), route switch
            {
                { StartExecution: { } machine } => new StartExecutionHandler(clients.Of(StartExecutionHandler.Service), machine),
                { IsAlarm: true } => handler!,
                _ => new PrintHandler(Console.Out),
            }))],
        });
    }
}
