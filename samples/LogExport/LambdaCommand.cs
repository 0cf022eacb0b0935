using IotOps.Aws;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>Answers Slack as an AWS Lambda function behind a Function URL.</summary>
internal static class LambdaCommand
{
    /// <summary>The variable in which Lambda says where its runtime API is.</summary>
    public const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    // An instance of a function gets one request at a time; late work of the one before may still run.
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
        if (Environment.GetEnvironmentVariable(RuntimeApiVariable) is not { Length: > 0 })
        {
            throw new UsageException($"{RuntimeApiVariable} is not set: AWS Lambda sets it, elsewhere use serve");
        }

        Func<string?, ExportConfig> config = ExportConfigFile.Reader(arguments["--config"]);
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System);
        using var outbound = new Outbound(TimeProvider.System);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        try
        {
            SlackSecrets secrets = await SlackSecrets.ReadAsync(Environment.GetEnvironmentVariable, outbound.Aws);
            builder.Services.AddIotOpsSlackExport(outbound.Through(ExportOptions.ToServe(config, secrets, runsInProcess: false)) with { MaxInFlight = RequestsAtOnce });
            await builder.Build().RunSlackLambdaAsync("/slack/iot-log");
            return 0;
        }
        catch (Exception e) when (e is AwsException or ArgumentException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"LogExport: {e.Message.Split(" (Parameter", 2)[0]}");
            return 1;
        }
    }
}
