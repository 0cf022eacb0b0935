using IotOps.Archive;

namespace IotOps.SlackExport.Tests;

/// <summary>Jobs that a test lets be submitted, hang, fail and end.</summary>
internal sealed class FakeJobs : IExportJobs
{
    private readonly Lock _lock = new();
    private readonly List<LogExportRequest> _submitted = [];
    private readonly List<ExportJob> _jobs = [];
    private int _looks;

    /// <summary>Submissions wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Submissions fail with this.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyList<LogExportRequest> Submitted
    {
        get { lock (_lock) { return [.. _submitted]; } }
    }

    /// <summary>How often a job was looked for.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public void Set(ExportJob job)
    {
        lock (_lock)
        {
            _jobs.RemoveAll(j => j.Id == job.Id);
            _jobs.Add(job);
        }
    }

    /// <summary>As a process that was started again does.</summary>
    public void ForgetAll()
    {
        lock (_lock) { _jobs.Clear(); }
    }

    public async Task<ExportJob> SubmitAsync(LogExportRequest request, CancellationToken cancellationToken = default) =>
        await FindAsync(request.Id!, cancellationToken) is { Status: not ExportJobStatus.Failed } live ? live : await SubmitNewAsync(request, cancellationToken);

    public async Task<ExportJob> SubmitNewAsync(LogExportRequest request, CancellationToken cancellationToken = default)
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
            _jobs.Add(job);
            return job;
        }
    }

    public Task<ExportJob?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _looks);
        lock (_lock)
        {
            return Task.FromResult(_jobs.FindLast(j => j.Name == id && j.Status != ExportJobStatus.Failed) ?? _jobs.FindLast(j => j.Name == id));
        }
    }

    public Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
