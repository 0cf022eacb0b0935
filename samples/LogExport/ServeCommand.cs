using IotOps.Samples.CommandLine;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>Answers Slack over HTTP until told to stop.</summary>
internal static class ServeCommand
{
    private const int RequestsAtOnce = 256;

    private static readonly TimeSpan LateWork = TimeSpan.FromSeconds(20);

    public static Command Command { get; } = new()
    {
        Name = "serve",
        Summary = "Answer the slash command over HTTP until SIGTERM or Ctrl+C; SLACK_SIGNING_SECRET and, if there is a bot, SLACK_BOT_TOKEN are environment variables.",
        Options =
        [
            new("--urls", "URL", "Where to listen; http://127.0.0.1:8080 by default, port 0 takes a free one. Put a TLS proxy before it."),
            new("--config", "FILE", "Configuration, JSON5; LOGEXPORT_CONFIG or export.json5 by default."),
            new("--runner", "RUNNER", "batch submits exports to AWS Batch (the default), local runs them in this process."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        Func<string?, ExportConfig> config = ExportConfigFile.Reader(arguments["--config"]);
        SlackSecrets secrets = SlackSecrets.Read(Environment.GetEnvironmentVariable);
        bool runsLocally = (arguments["--runner"] ?? "batch") switch
        {
            "local" => true,
            "batch" => false,
            var other => throw new UsageException($"--runner is batch or local, not '{other}'"),
        };

        try
        {
            return await ServeAsync(config, secrets, runsLocally, arguments["--urls"] ?? "http://127.0.0.1:8080");
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or FormatException)
        {
            // A port that is taken, a region that is not set, a host that cannot be one: the message says which.
            await Console.Error.WriteLineAsync($"LogExport: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(Func<string?, ExportConfig> config, SlackSecrets secrets, bool runsLocally, string url)
    {
        using var signals = new ShutdownSignals();
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var host = new SlackHost(config, secrets, runsLocally, sharesReplays: false, RequestsAtOnce, loggers);
        await using WebApplication app = WebHost.Create(url, host.Endpoint, TimeProvider.System, log);
        await app.StartAsync();
        Console.WriteLine($"Listening on {app.Urls.First()}");
        await signals.WaitAsync();
        await app.StopAsync();
        using var limit = new CancellationTokenSource(LateWork, TimeProvider.System);
        try
        {
            await host.UnderWay.WhenLateWorkIsDoneAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Log.LateWorkLeft(loggers.CreateLogger("LogExport"));
        }

        return 0;
    }
}
