using IotOps.Archive;

namespace IotOps.Samples.Tests.LogExport;

/// <summary>Jobs that a test lets be submitted, hang, fail and end.</summary>
internal sealed class FakeJobs : IExportJobs
{
    private readonly object _lock = new();
    private readonly List<LogExportRequest> _submitted = [];
    private readonly Dictionary<string, ExportJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>Submissions wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Submissions fail with this.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyList<LogExportRequest> Submitted
    {
        get { lock (_lock) { return [.. _submitted]; } }
    }

    public void Set(ExportJob job)
    {
        lock (_lock) { _jobs[job.Id] = job; }
    }

    public async Task<ExportJob> SubmitAsync(LogExportRequest request, CancellationToken cancellationToken = default)
    {
        await Gate.WaitAsync(cancellationToken);
        if (Failure is not null)
        {
            throw Failure;
        }

        lock (_lock)
        {
            _submitted.Add(request);
            var job = new ExportJob($"job-{_submitted.Count}", request.Id!, ExportJobStatus.Waiting);
            _jobs[job.Id] = job;
            return job;
        }
    }

    public Task<ExportJob?> FindAsync(string jobId, CancellationToken cancellationToken = default)
    {
        lock (_lock) { return Task.FromResult(_jobs.GetValueOrDefault(jobId)); }
    }

    public Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
