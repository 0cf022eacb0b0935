using IotOps.Archive.Fetching;
using IotOps.Archive.Jobs;
using IotOps.Aws;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive;

/// <summary>
/// Exports as jobs of AWS Batch. Its SubmitJob knows no idempotency token, so the job's name is the request's id, and a job of that name is
/// looked for before one is submitted. Of two callers at the very same moment both may submit: where that can happen, let a conditional
/// write decide who calls, and that one need not look (<see cref="SubmitNewAsync"/>). See <see href="https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html"/>.
/// </summary>
public sealed class BatchExportJobs : IExportJobs, IDisposable
{
    private readonly BatchExportJobsOptions _options;
    private readonly HttpMessageHandler? _ownTransport;
    private readonly AwsClient _client;

    // Never repeats by itself: the answer to a submission may be lost, and the job be there.
    private readonly AwsClient _submissions;
    private readonly Retries _retries;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">Which queue, which definition.</param>
    /// <exception cref="ArgumentException">The queue or the definition is empty, or an option of the client cannot be.</exception>
    public BatchExportJobs(BatchExportJobsOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    internal BatchExportJobs(BatchExportJobsOptions options, Func<double> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.JobQueue, nameof(options));
        ArgumentException.ThrowIfNullOrWhiteSpace(options.JobDefinition, nameof(options));
        _options = options;
        _ownTransport = options.Transport is null ? AwsHttpHandler.Create() : null;
        var client = new AwsClientOptions
        {
            Service = AwsService.Batch,
            Region = options.Region,
            Credentials = options.Credentials ?? AwsCredentialChain.Default(),
            Endpoint = options.Endpoint,
            Transport = options.Transport ?? _ownTransport,
            Retry = options.Retry,
            Timeout = options.Timeout,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        };
        _client = new AwsClient(client);
        _submissions = new AwsClient(client with { Retry = AwsRetryOptions.None });
        _retries = new Retries(options.Retry, options.TimeProvider, options.LoggerFactory.CreateLogger<BatchExportJobs>(), random);
    }

    /// <inheritdoc/>
    public Task<ExportJob> SubmitAsync(LogExportRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync(request, isNew: false, cancellationToken);

    /// <inheritdoc/>
    public Task<ExportJob> SubmitNewAsync(LogExportRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync(request, isNew: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<ExportJob?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        AwsResponse response = await _client.SendAsync(BatchCalls.List(_options, id), cancellationToken).ConfigureAwait(false);

        // Batch compares names without case, takes a '*' at the end for any end, and lists the newest first.
        List<ExportJob> jobs = BatchAnswers.Jobs(response.Body.Span);
        return jobs.Find(job => job.Name == id && job.Status != ExportJobStatus.Failed) ?? jobs.Find(job => job.Name == id);
    }

    /// <inheritdoc/>
    public Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return _client.SendAsync(BatchCalls.Terminate(jobId, reason), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _submissions.Dispose();
        _ownTransport?.Dispose();
    }

    private async Task<ExportJob> SubmitAsync(LogExportRequest request, bool isNew, CancellationToken cancellationToken)
    {
        string name = ExportJobName.Of(request);
        AwsRequest submission = BatchCalls.Submit(_options, name, request);
        for (int attempt = 1; ; attempt++)
        {
            bool mayBeThere = !isNew || attempt > 1;
            if (mayBeThere && await FindAsync(name, cancellationToken).ConfigureAwait(false) is { Status: not ExportJobStatus.Failed } live)
            {
                return live;
            }

            try
            {
                AwsResponse response = await _submissions.SendAsync(submission, cancellationToken).ConfigureAwait(false);
                _retries.Succeeded();
                return new ExportJob(BatchAnswers.JobId(response.Body.Span), name, ExportJobStatus.Waiting);
            }
            catch (AwsException e) when (e.IsTransient && _retries.TrySpend(attempt))
            {
                await _retries.WaitAsync(e, attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
