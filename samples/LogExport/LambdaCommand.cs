using IotOps.Samples.CommandLine;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Lambda;
using IotOps.Samples.LogExport.Serving;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>Answers Slack as an AWS Lambda function behind a Function URL.</summary>
internal static class LambdaCommand
{
    /// <summary>The variable by which Lambda tells where its runtime API is.</summary>
    public const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    // A function's copy gets one request at a time; what is late of the one before may still be there.
    private const int RequestsAtOnce = 16;

    public static Command Command { get; } = new()
    {
        Name = "lambda",
        Summary = $"Answer the slash command as an AWS Lambda function; done without being asked where {RuntimeApiVariable} is set and no command is given.",
        Options = [new("--config", "FILE", "Configuration, JSON5; LOGEXPORT_CONFIG or export.json5 by default.")],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (Environment.GetEnvironmentVariable(RuntimeApiVariable) is not { Length: > 0 } runtimeApi)
        {
            throw new UsageException($"{RuntimeApiVariable} is not set: AWS Lambda sets it, elsewhere use serve");
        }

        Func<string?, ExportConfig> config = ExportConfigFile.Reader(arguments["--config"]);
        SlackSecrets secrets = SlackSecrets.Read(Environment.GetEnvironmentVariable);
        using var signals = new ShutdownSignals();
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var runtime = new LambdaRuntime(runtimeApi);
        await using var host = new SlackHost(config, secrets, runsLocally: false, sharesReplays: true, RequestsAtOnce, loggers);
        var loop = new LambdaLoop(runtime, host.Endpoint, host.UnderWay, TimeProvider.System, loggers.CreateLogger("LogExport"));
        try
        {
            await loop.RunAsync(signals.Requested);
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            // Lambda ends its copies that way.
        }

        return 0;
    }
}
