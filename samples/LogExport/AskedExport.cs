using System.Globalization;
using IotOps.Archive;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Environments;
using IotOps.Samples.LogExport.Reporting;
using IotOps.Samples.LogExport.Serving;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>An export on its own machine: told in Slack when it was asked for there.</summary>
internal static class AskedExport
{
    private const string AttemptVariable = "AWS_BATCH_JOB_ATTEMPT";

    /// <summary>Exports. A request that nobody made in Slack, or whose day has passed, is exported all the same.</summary>
    public static async Task<LogExportResult> RunAsync(
        ExportRequest request, LogExporter exporter, ExportConfig config, IProgress<LogExportProgress> progress, CancellationToken cancellationToken)
    {
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var opener = new EnvironmentOpener(_ => config, loggers);
        if (request.New is not { Id: { } id } export || await opener.OpenRequests(config).FindAsync(id, cancellationToken) is not { } asked)
        {
            return await request.RunAsync(exporter, progress, cancellationToken);
        }

        using var responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = config.Slack.ResponseHosts });
        using SlackChat? chat = SlackSecrets.ReadBotToken(Environment.GetEnvironmentVariable) is { } token
            ? new SlackChat(new SlackChatOptions { Token = token, ApiUrl = config.Slack.ApiUrl })
            : null;
        var reported = new ReportedExport(exporter, responder, chat, new ExportMessages(config.Slack.Command), TimeProvider.System, loggers.CreateLogger("LogExport"));
        return await reported.RunAsync(asked, export, IsRetry(), progress, cancellationToken);
    }

    private static bool IsRetry() =>
        int.TryParse(Environment.GetEnvironmentVariable(AttemptVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt) && attempt > 1;
}
