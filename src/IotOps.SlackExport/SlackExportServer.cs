using IotOps.Archive;
using IotOps.Slack;
using IotOps.SlackExport.Authorizing;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.SlackExport.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.SlackExport;

/// <summary>Everything that answers Slack, whether a web host or Lambda receives the requests. Disposing ends the exports that run in the process.</summary>
internal sealed class SlackExportServer : IAsyncDisposable
{
    private static readonly TimeSpan LateWorkTimeout = TimeSpan.FromSeconds(20);

    private readonly SlackExportOptions _options;
    private readonly PublicAddress _address;
    private readonly EnvironmentOpener _opener;
    private readonly SlackPoster _poster;
    private readonly List<InProcessExportJobs> _localJobs = [];
    private readonly Lock _lock = new();
    private readonly ILogger _logger;

    /// <summary>Wires it up; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">An option cannot work: a command, category or environment cannot be typed, or AWS Batch's queue is missing.</exception>
    /// <exception cref="InvalidOperationException">No AWS region is set for <see cref="SlackExportOptions.StateEnvironment"/>.</exception>
    public SlackExportServer(SlackExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        Validate(options);
        _options = options;
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        _logger = loggers.CreateLogger<SlackExportServer>();

        // A command or a category that nobody can type is found here, and not by the first user.
        LogExportCommandOptions commands = options.ToCommandOptions();
        LogExportHelp.ToMessage(commands);

        _address = new PublicAddress(options.PublicUrl);
        _opener = new EnvironmentOpener(options, _address, loggers);
        _poster = new SlackPoster(options);
        InFlight = new InFlightRequests(options.MaxInFlight);
        var verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions
        {
            SigningSecrets = options.SigningSecrets,
            MaxBodyBytes = SlackEndpoint.MaxBodyBytes,
            TimeProvider = options.TimeProvider,
        });
        var environments = new OpenEnvironments(options.Environments, environment => _opener.Open(environment, options.RunsInProcess ? RunInProcess : null));
        S3Documents state = _opener.OpenDocuments(options.StateEnvironment ?? options.Environments[0]);
        var answers = new CommandAnswers(
            commands,
            new Authorizer(options.Authorization!, new UserGroupMembers(_poster.Chat, options.TimeProvider, _logger)),
            new S3ReplayStore(state),
            new ExportSubmissions(new RequestIds(options.SigningSecrets), new JobQuota(state, options.Authorization!.JobsPerUserAndHour), _poster.Messages, _logger),
            environments,
            _poster.Messages,
            options.TimeProvider,
            _logger);
        Downloads = new DownloadEndpoint(environments, InFlight, options.TimeProvider, _logger);
        FailedJobs = new FailedJobReports(environments, _poster, options.TimeProvider, _logger);
        Endpoint = new SlackEndpoint(verifier, _poster.Responder, answers, InFlight, options.TimeProvider, _logger);
    }

    /// <summary>Answers Slack.</summary>
    public SlackEndpoint Endpoint { get; }

    /// <summary>Answers clicks on links of this program's own.</summary>
    public DownloadEndpoint Downloads { get; }

    /// <summary>Tells of jobs that failed without a word.</summary>
    public FailedJobReports FailedJobs { get; }

    /// <summary>Where browsers reach this program.</summary>
    public PublicAddress Address => _address;

    /// <summary>The requests that are being worked on.</summary>
    public InFlightRequests InFlight { get; }

    /// <summary>Clock of arrivals.</summary>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Where it logs.</summary>
    public ILogger Logger => _logger;

    /// <summary>Waits for late work behind answers, 20 s at most, then cancels what still waits. No request may arrive any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LateWorkTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await InFlight.WhenLateWorkIsDoneAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Log.LateWorkCancelled(_logger);
        }

        await InFlight.StopAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        InProcessExportJobs[] local;
        lock (_lock)
        {
            local = [.. _localJobs];
        }

        await InFlight.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(local.Select(jobs => jobs.DisposeAsync().AsTask())).ConfigureAwait(false);
        InFlight.Dispose();
        _poster.Dispose();
        _opener.Dispose();
    }

    private static void Validate(SlackExportOptions options)
    {
        if (options.SigningSecrets is null or [])
        {
            throw new ArgumentException("SigningSecrets is empty: take the signing secret from the Slack app's page Basic Information.", nameof(options));
        }

        if (options.Authorization is null)
        {
            throw new ArgumentException(
                $"Authorization is missing: without it anybody in any workspace could export every device's logs. The smallest that would do is {SmallestAuthorization(options)}", nameof(options));
        }

        if (options.Authorization.Problem(options) is { } problem)
        {
            throw new ArgumentException($"Authorization: {problem}", nameof(options));
        }

        if (!options.RunsInProcess && options.Environments.FirstOrDefault(e => e.JobQueue is null || e.JobDefinition is null) is { } queueless)
        {
            throw new ArgumentException($"JobQueue or JobDefinition is missing in {queueless.Title}; without AWS Batch set RunsInProcess.", nameof(options));
        }
    }

    private static string SmallestAuthorization(SlackExportOptions options) =>
        "new SlackExportAuthorization { AppId = \"A0123456789\", Workspaces = [new SlackExportWorkspace { TeamId = \"T0123456789\", Grants = [new SlackExportGrant "
        + $"{{ Users = [\"*\"], {(options.Environments.Any(e => e.Name is not null) ? "Environments = [\"*\"], " : "")}Categories = [\"*\"] }}] }}] }}";

    private InProcessExportJobs RunInProcess(RequestStore requests, DownloadLinks links, Lazy<LogExporter> exporter)
    {
        // The exports log their failures themselves.
        var jobs = new InProcessExportJobs((request, cancellationToken) => ExportAsync(requests, links, exporter, request, cancellationToken), _options.InProcess);
        lock (_lock)
        {
            _localJobs.Add(jobs);
        }

        return jobs;
    }

    private async Task ExportAsync(RequestStore requests, DownloadLinks links, Lazy<LogExporter> exporter, LogExportRequest request, CancellationToken cancellationToken)
    {
        try
        {
            StoredRequest asked = await FindAsync(requests, request.Id!, cancellationToken).ConfigureAwait(false);
            var export = new ReportedExport(exporter.Value, links, _poster, _options.TimeProvider, _logger);
            await export.RunAsync(asked, request, isRetry: false, progress: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What "status" shows, perhaps to a whole channel.
            throw new InvalidOperationException(ReportedExport.Reason(e), e);
        }
    }

    private async Task<StoredRequest> FindAsync(RequestStore requests, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.FindAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"The request {id} is gone from the bucket; a lifecycle rule that ends it within minutes is too early.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.ExportFailed(_logger, id, e);
            throw;
        }
    }
}
