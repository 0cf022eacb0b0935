using IotOps.Archive;
using IotOps.Aws;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.SlackExport;

/// <summary>
/// One export in a process of its own, as an AWS Batch job runs it. One that was requested in Slack reports its progress and its link there.
/// Safe for concurrent use; dispose it when nothing exports any more.
/// </summary>
public sealed class SlackExportJob : IDisposable
{
    /// <summary>
    /// Exit code for a process whose failure was posted to Slack (<see cref="HasPostedFailure"/>). A job of AWS Batch that fails with any other one, or
    /// none, is reported by the Lambda function, where a rule sends it <em>Batch Job State Change</em>.
    /// </summary>
    public const int PostedFailureExitCode = 3;

    private readonly SlackExportOptions _options;
    private readonly EnvironmentOpener _opener;
    private readonly ExportClients _clients;
    private readonly SlackExportEnvironment _environment;
    private readonly ILogger _logger;

    /// <summary>Makes the AWS clients; nothing is sent yet.</summary>
    /// <param name="options">Where logs lie and messages go. Neither signing secrets nor AWS Batch's queue are needed.</param>
    /// <param name="environment">Which of the environments; null takes the only one.</param>
    /// <exception cref="ArgumentException">An option cannot work, or there is no such environment.</exception>
    /// <exception cref="InvalidOperationException">No AWS region is set.</exception>
    public SlackExportJob(SlackExportOptions options, string? environment = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        _options = options;
        _environment = Choose(options, environment);
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        _logger = loggers.CreateLogger<SlackExportJob>();
        _opener = new EnvironmentOpener(options, new PublicAddress(options.PublicUrl), loggers);
        _clients = new ExportClients(_environment);
        ExporterOptions = _clients.Options(_environment, options, loggers);
        Exporter = new LogExporter(ExporterOptions);
    }

    /// <summary>Exports, continues an export by its id, and finds what was exported, without a word to Slack.</summary>
    public LogExporter Exporter { get; }

    /// <summary>What <see cref="Exporter"/> was made with, for a <see cref="ShardedLogExporter"/>.</summary>
    public LogExporterOptions ExporterOptions { get; }

    /// <summary>Whether Slack took the word that a run of this job failed.</summary>
    public bool HasPostedFailure { get; private set; }

    /// <summary>
    /// Exports. If the request's id is one that was requested in Slack within the last day, progress and outcome are posted there; any other
    /// request is exported all the same. A post that Slack does not take is logged and does not fail the export.
    /// </summary>
    /// <param name="request">What to export.</param>
    /// <param name="isRetry">True when an attempt at the same job came before this one: only the outcome is posted then, because Slack takes five posts in all.</param>
    /// <param name="progress">Receives the progress too; null for nobody.</param>
    /// <param name="cancellationToken">Ends the export so that it can be continued later; nothing is posted about that.</param>
    /// <exception cref="ArgumentException">The request cannot be exported, or its answers may not go to the host that it names.</exception>
    /// <exception cref="AwsException">AWS refused, or stayed out of reach for every attempt.</exception>
    /// <exception cref="InvalidDataException">A log object is damaged, or the stored request is not one.</exception>
    public async Task<LogExportResult> RunAsync(
        LogExportRequest request, bool isRetry = false, IProgress<LogExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestStore requests = _opener.OpenRequests(_environment);
        if (request.Id is not { } id || await requests.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } asked)
        {
            return await Exporter.ExportAsync(request, progress, cancellationToken).ConfigureAwait(false);
        }

        using var poster = new SlackPoster(_options);
        var reported = new ReportedExport(Exporter, _opener.OpenLinks(_environment, requests), poster, _options.TimeProvider, _logger);
        try
        {
            return await reported.RunAsync(asked, request, isRetry, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            HasPostedFailure |= reported.HasPostedFailure;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _opener.Dispose();
        _clients.Dispose();
    }

    private static SlackExportEnvironment Choose(SlackExportOptions options, string? environment) =>
        (environment is null && options.Environments is [var only] ? only : options.Environments.FirstOrDefault(e => e.Name == environment))
        ?? throw new ArgumentException(
            $"{(environment is null ? "No environment is named" : $"There is no environment '{environment}'")}; there are {string.Join(", ", options.Environments.Select(e => e.Name))}.",
            nameof(environment));
}
