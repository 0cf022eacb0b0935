using IotOps.Archive;
using IotOps.Samples.LogExport.Environments;
using IotOps.Samples.LogExport.Reporting;
using IotOps.Samples.LogExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>All that answers Slack, whether Kestrel or Lambda receives the requests. Disposing ends the exports that run in the process.</summary>
internal sealed class SlackHost : IAsyncDisposable
{
    private readonly EnvironmentOpener _opener;
    private readonly SlackResponder _responder;
    private readonly SlackChat? _chat;
    private readonly List<InProcessExportJobs> _localJobs = [];
    private readonly Lock _lock = new();
    private readonly ExportMessages _messages;
    private readonly ILogger _logger;

    /// <summary>Wires it up; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The command's name, a category or an environment cannot be typed.</exception>
    /// <exception cref="InvalidOperationException">AWS Batch's queue or definition is missing in an environment.</exception>
    /// <param name="read">Reads the configuration of an environment; null is the one without a name.</param>
    /// <param name="secrets">Slack's secrets.</param>
    /// <param name="runsLocally">Whether exports run in this process.</param>
    /// <param name="sharesReplays">Whether other processes serve the same URL, so that accepted signatures are remembered in S3.</param>
    /// <param name="requestsAtOnce">Requests under way, beyond which one is turned away.</param>
    /// <param name="loggers">Where all of it logs.</param>
    public SlackHost(Func<string?, ExportConfig> read, SlackSecrets secrets, bool runsLocally, bool sharesReplays, int requestsAtOnce, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger("LogExport");
        ExportConfig config = read(null);
        if (!runsLocally)
        {
            CheckBatch(config, read);
        }

        _opener = new EnvironmentOpener(read, loggers);
        _responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = config.Slack.ResponseHosts });
        _chat = secrets.BotToken is { } token ? new SlackChat(new SlackChatOptions { Token = token, ApiUrl = config.Slack.ApiUrl }) : null;
        _messages = new ExportMessages(config.Slack.Command);
        UnderWay = new RequestsUnderWay(requestsAtOnce);
        var environments = new ExportEnvironments(config.Environments, name => _opener.Open(name, runsLocally ? RunLocally : null));
        var verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions
        {
            SigningSecrets = secrets.SigningSecrets,
            ReplayStore = sharesReplays ? new S3ReplayStore(_opener.OpenDocuments(config)) : null,
        });
        LogExportCommandOptions options = CommandOptions(config);

        // A command or a category that nobody can type is found here, and not by the first user.
        LogExportHelp.ToMessage(options);
        var answers = new CommandAnswers(options, environments, _messages, TimeProvider.System, _logger);
        Endpoint = new SlackEndpoint(verifier, _responder, answers, UnderWay, TimeProvider.System, _logger);
    }

    /// <summary>Answers Slack.</summary>
    public SlackEndpoint Endpoint { get; }

    /// <summary>What goes on behind answers.</summary>
    public RequestsUnderWay UnderWay { get; }

    public async ValueTask DisposeAsync()
    {
        InProcessExportJobs[] local;
        lock (_lock)
        {
            local = [.. _localJobs];
        }

        await UnderWay.StopAsync();
        await Task.WhenAll(local.Select(jobs => jobs.DisposeAsync().AsTask()));
        UnderWay.Dispose();
        _chat?.Dispose();
        _responder.Dispose();
        _opener.Dispose();
    }

    private static void CheckBatch(ExportConfig config, Func<string?, ExportConfig> read)
    {
        if (config.Environments.Count == 0)
        {
            EnvironmentOpener.CheckBatch(null, config);
        }

        foreach (string name in config.Environments)
        {
            EnvironmentOpener.CheckBatch(name, read(name));
        }
    }

    private static LogExportCommandOptions CommandOptions(ExportConfig config) => new()
    {
        CommandName = config.Slack.Command,
        Categories = [.. config.Layout.Categories.Select(c => new LogExportCategory(c.Name) { Aliases = c.Aliases, AllowsEveryDevice = config.Slack.EveryDevice.Contains(c.Name, StringComparer.Ordinal) })],
        Environments = config.Environments,
        DefaultEnvironment = config.Slack.DefaultEnvironment ?? (config.Environments is [var only] ? only : null),
    };

    private InProcessExportJobs RunLocally(RequestStore requests, Lazy<LogExporter> exporter)
    {
        var jobs = new InProcessExportJobs(async (request, cancellationToken) =>
        {
            StoredRequest asked = await requests.FindAsync(request.Id!, cancellationToken)
                ?? throw new InvalidOperationException($"The request {request.Id} is gone from the bucket; a lifecycle rule that ends it within minutes is too early.");
            var export = new ReportedExport(exporter.Value, _responder, _chat, _messages, TimeProvider.System, _logger);
            try
            {
                await export.RunAsync(asked, request, isRetry: false, progress: null, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // What "status" says of it.
                throw new InvalidOperationException(ReportedExport.Reason(e), e);
            }
        });
        lock (_lock)
        {
            _localJobs.Add(jobs);
        }

        return jobs;
    }
}
