using IotOps.Aws;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Configuration;
using IotOps.SlackExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>Answers Slack over HTTP until a signal ends it.</summary>
internal static class ServeCommand
{
    public static Command Command { get; } = new()
    {
        Name = "serve",
        Summary = "Answer the slash command over HTTP until SIGTERM or Ctrl+C; the secrets are in the environment variables SLACK_SIGNING_SECRET and, if there is a bot, SLACK_BOT_TOKEN, or in the secret of Secrets Manager that SLACK_SECRET_ID names.",
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
        bool runsInProcess = (arguments["--runner"] ?? "batch") switch
        {
            "local" => true,
            "batch" => false,
            var other => throw new UsageException($"--runner is batch or local, not '{other}'"),
        };

        using var outbound = new Outbound(TimeProvider.System);
        try
        {
            SlackSecrets secrets = await SlackSecrets.ReadAsync(Environment.GetEnvironmentVariable, outbound.Aws);
            SlackExportOptions options = outbound.Through(ExportOptions.ToServe(config, secrets, runsInProcess));
            await ServeAsync(options, arguments["--urls"] ?? "http://127.0.0.1:8080");
            return 0;
        }
        catch (Exception e) when (e is AwsException or IOException or ArgumentException or InvalidOperationException or FormatException)
        {
            // A port that is taken, a region that is not set, a host that cannot be one: the message says which.
            await Console.Error.WriteLineAsync($"LogExport: {e.Message.Split(" (Parameter", 2)[0]}");
            return 1;
        }
    }

    private static async Task ServeAsync(SlackExportOptions options, string url)
    {
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();

        // The command line and the configuration file are complete; ASPNETCORE_URLS from somewhere must not count.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders().AddProvider(log).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 10;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);

            // Whoever opens connections and then says nothing must not fill the places for long.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.AddIotOpsSlackExport(options);
        await using WebApplication app = builder.Build();
        app.MapSlackCommand("/slack/iot-log");
        app.MapSlackInteractivity("/slack/interactivity");
        app.MapSlackDownloads();
        app.MapGet("/health", context => context.Response.WriteAsync("ok"));
        app.Map("{**path}", NotFoundAsync);
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Listening on {app.Urls.First()}"));
        await app.RunAsync();
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("There is nothing here.");
    }
}
