using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole.Demo;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Logging;

namespace IotOps.Samples.FleetConsole;

/// <summary>Serves the console until a signal ends it.</summary>
internal static class ServeCommand
{
    /// <summary>The variable with the connection string of PostgreSQL: it may have a password, which others see on a command line.</summary>
    public const string PostgresVariable = "FLEETCONSOLE_POSTGRES";

    public static Command Command { get; } = new()
    {
        Summary = "Serve the console until SIGTERM or Ctrl+C. 'token add --help' and 'token remove --help' tell how people sign in by token.",
        Options =
        [
            new("--listen", "ADDRESS", "Where to listen; http://127.0.0.1:8090 unless given, port 0 takes a free one."),
            new("--data", "DIR", "Where the store, journals and keys are; fleet-console in the working directory unless given."),
            new("--config", "FILE", "Sign-in, quarantine and feeds, JSON5; docs/fleet-console.md has an example."),
            new("--json", null, "Print where it listens as one JSON object."),
            new("--demo", null, "Start an emulator and a simulated fleet instead of any feed: a surge, its cause and a quarantine that works."),
            new("--postgres", null, $"Keep events in PostgreSQL, for several consoles: its connection string is in {PostgresVariable}."),
            new("--keep", "DAYS", "Days that events are kept; 30 unless given. With --from they are kept for ever."),
            .. FeedSetup.Options,
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        ConsoleSettings settings = arguments["--config"] is { } file ? ConsoleConfigFile.Read(file) : new ConsoleSettings();
        string data = arguments["--data"] ?? "fleet-console";
        settings = settings with { KeyDirectory = Path.Combine(data, "keys"), EvidenceDirectory = Path.Combine(data, "evidence") };
        if (arguments["--listen"] is { } listen)
        {
            settings = settings with { Listen = Uri.TryCreate(listen, UriKind.Absolute, out Uri? address) ? address : throw new UsageException($"--listen is an address such as http://127.0.0.1:8090, not '{listen}'") };
        }

        Security.ListenGuard.Check(settings);
        try
        {
            if (arguments.Has("--demo"))
            {
                using var signals = new ShutdownSignals();
                return await DemoCommand.RunAsync(settings with { KeyDirectory = null, EvidenceDirectory = null }, Console.Out, signals.Requested);
            }

            await using IConsoleStore store = await OpenAsync(arguments, data, settings.TimeProvider);
            using var loggers = new LoggerFactory([new LineLoggerProvider(Console.Error, settings.TimeProvider)]);
            using FeedSetup setup = FeedSetup.Make(arguments, store, settings.TimeProvider, loggers);
            await using WebApplication app = ConsoleHost.Build(settings, store, services => services.AddSingleton(setup.Feeds).AddSingleton<IConsoleWriter>(store).AddHostedService<FeedHost>());
            await app.StartAsync();
            string at = app.Urls.First();
            await Console.Out.WriteLineAsync(arguments.Has("--json") ? $$"""{"address":"{{at}}"}""" : $"Listening on {at}");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"FleetConsole: {e.Message}");
            return 1;
        }
    }

    private static async Task<IConsoleStore> OpenAsync(CommandArguments arguments, string data, TimeProvider clock)
    {
        int? days = arguments.Integer("--keep", 1, 36_500) ?? (arguments.Has("--from") ? 36_500 : null);
        StoreRetention? retention = days is { } kept ? new StoreRetention { Events = TimeSpan.FromDays(kept), Minutes = TimeSpan.FromDays(kept), Hours = TimeSpan.FromDays(Math.Max(kept, 400)) } : null;
        if (!arguments.Has("--postgres"))
        {
            return await SqliteConsoleStore.OpenAsync(Path.Combine(data, "console.db"), retention, clock);
        }

        string connection = Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } text ? text : throw new UsageException($"--postgres needs a connection string in {PostgresVariable}");
        try
        {
            return await PostgresConsoleStore.OpenAsync(connection, retention, clock);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{PostgresVariable}: {e.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
