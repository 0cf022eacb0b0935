using System.Threading.Channels;
using IotOps.Archive.Jobs;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive;

/// <summary>
/// Exports in this process, for a team small enough to need no AWS Batch: a bounded queue, some exports at once, and an end that lets
/// the running ones stop in order. Jobs are kept in memory: a process that starts again knows none.
/// </summary>
public sealed class InProcessExportJobs : IExportJobs, IAsyncDisposable
{
    private readonly Func<LogExportRequest, CancellationToken, Task> _export;
    private readonly InProcessExportJobsOptions _options;
    private readonly Channel<RunningExport> _queue = Channel.CreateUnbounded<RunningExport>();
    private readonly ILogger _logger;
    private readonly Outcomes _outcomes;
    private readonly Task _workers;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningExport> _jobs = new(StringComparer.Ordinal);
    private readonly Queue<string> _ended = new();
    private int _waiting;
    private int _idle;
    private long _refused;
    private bool _disposed;

    /// <summary>Starts the workers; they wait for work.</summary>
    /// <param name="export">Does one export; an exception is the reason that the job failed for.</param>
    /// <param name="options">How many; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public InProcessExportJobs(Func<LogExportRequest, CancellationToken, Task> export, InProcessExportJobsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(export);
        _export = export;
        _options = options ?? new InProcessExportJobsOptions();
        string? wrong = _options switch
        {
            { Parallelism: < 1 or > 64 } => $"Parallelism is {_options.Parallelism}: 1 to 64 exports run at once.",
            { QueueLimit: < 0 or > 10_000 } => $"QueueLimit is {_options.QueueLimit}: 0 to 10,000 exports wait.",
            { RememberedJobs: < 1 or > 100_000 } => $"RememberedJobs is {_options.RememberedJobs}: 1 to 100,000.",
            _ when _options.EndTimeout <= TimeSpan.Zero => "EndTimeout is longer than zero.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _logger = _options.LoggerFactory.CreateLogger<InProcessExportJobs>();
        _outcomes = new Outcomes(_options.TimeProvider);
        _idle = _options.Parallelism;
        _workers = Task.WhenAll(Enumerable.Range(0, _options.Parallelism).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>Nothing waits but in the queue: an export that failed is its requester's business, and told as the last error.</summary>
    internal Health Health => _outcomes.ToHealth() with { Pending = null, HasEnded = _disposed };

    /// <summary>Submissions that were refused because the queue was full.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The jobs are disposed of.</exception>
    public Task<ExportJob> SubmitAsync(LogExportRequest request, CancellationToken cancellationToken = default)
    {
        string name = ExportJobName.Of(request);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);

            // Name and id are one here, so that a process that was asked twice has one job.
            if (_jobs.GetValueOrDefault(name)?.ToJob() is { Status: not ExportJobStatus.Failed } known)
            {
                return Task.FromResult(known);
            }

            if (_waiting >= _options.QueueLimit + _idle)
            {
                Interlocked.Increment(ref _refused);
                throw new ExportQueueFullException(_options.QueueLimit);
            }

            var job = new RunningExport(name, request);
            _jobs[name] = job;
            _waiting++;
            _queue.Writer.TryWrite(job);
            return Task.FromResult(job.ToJob());
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The jobs are disposed of.</exception>
    public Task<ExportJob> SubmitNewAsync(LogExportRequest request, CancellationToken cancellationToken = default) => SubmitAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<ExportJob?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        lock (_lock)
        {
            return Task.FromResult(_jobs.GetValueOrDefault(id)?.ToJob());
        }
    }

    /// <inheritdoc/>
    public Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        RunningExport? job;
        lock (_lock)
        {
            job = _jobs.GetValueOrDefault(jobId);
        }

        return job?.CancelAsync(reason) ?? Task.CompletedTask;
    }

    /// <summary>Takes no more, cancels what waits and runs, and waits for the running exports, at most <see cref="InProcessExportJobsOptions.EndTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        RunningExport[] jobs;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            jobs = [.. _jobs.Values];
        }

        _queue.Writer.Complete();
        await Task.WhenAll(jobs.Select(job => job.CancelAsync("The process was stopped."))).ConfigureAwait(false);
        await Task.WhenAny(_workers, Task.Delay(_options.EndTimeout, _options.TimeProvider)).ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        await foreach (RunningExport job in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Count(waiting: -1, idle: -1);
            await job.RunAsync(_export, _logger).ConfigureAwait(false);
            Note(job.ToJob());
            End(job);
        }
    }

    private void Note(ExportJob job)
    {
        if (job.Status == ExportJobStatus.Succeeded)
        {
            _outcomes.Succeeded();
        }
        else
        {
            _outcomes.Failed($"{job.Name}: {job.Reason}");
        }
    }

    private void Count(int waiting, int idle)
    {
        lock (_lock)
        {
            _waiting += waiting;
            _idle += idle;
        }
    }

    private void End(RunningExport job)
    {
        lock (_lock)
        {
            _idle++;
            _ended.Enqueue(job.Name);
            while (_ended.Count > _options.RememberedJobs)
            {
                // The name may have been given again meanwhile, to a job that still lives.
                string oldest = _ended.Dequeue();
                if (_jobs.GetValueOrDefault(oldest) is { HasEnded: true } forgotten && !_ended.Contains(oldest))
                {
                    _jobs.Remove(oldest);
                    forgotten.Dispose();
                }
            }
        }
    }
}
