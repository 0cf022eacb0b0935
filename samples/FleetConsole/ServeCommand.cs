using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole;

/// <summary>Serves the console until a signal ends it.</summary>
internal static class ServeCommand
{
    public static Command Command { get; } = new()
    {
        Summary = "Serve the console until SIGTERM or Ctrl+C. 'token add --help' and 'token remove --help' tell how people sign in by token.",
        Options =
        [
            new("--listen", "ADDRESS", "Where to listen; http://127.0.0.1:8090 unless given, port 0 takes a free one."),
            new("--data", "DIR", "Where the store, journals and keys are; fleet-console in the working directory unless given."),
            new("--config", "FILE", "Sign-in, quarantine and feeds, JSON5; docs/fleet-console.md has an example."),
            new("--json", null, "Print where it listens as one JSON object."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        ConsoleSettings settings = arguments["--config"] is { } file ? ConsoleConfigFile.Read(file) : new ConsoleSettings();
        string data = arguments["--data"] ?? "fleet-console";
        settings = settings with { KeyDirectory = Path.Combine(data, "keys") };
        if (arguments["--listen"] is { } listen)
        {
            settings = settings with { Listen = Uri.TryCreate(listen, UriKind.Absolute, out Uri? address) ? address : throw new UsageException($"--listen is an address such as http://127.0.0.1:8090, not '{listen}'") };
        }

        Security.ListenGuard.Check(settings);
        try
        {
            await using SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(Path.Combine(data, "console.db"), clock: settings.TimeProvider);
            await using WebApplication app = ConsoleHost.Build(settings, store);
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
}
