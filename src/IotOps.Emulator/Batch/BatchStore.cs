using System.Threading.Channels;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>Jobs, and which of them may run next. Thread-safe.</summary>
internal sealed class BatchStore(TimeProvider timeProvider, BatchRegistry registry)
{
    private const int KeptJobs = 20_000;
    private const int MaxWaiting = 20_000;

    private readonly Lock _lock = new();
    private readonly JobDependencies _dependencies = new();
    private readonly Dictionary<string, BatchJob> _jobs = new(StringComparer.Ordinal);
    private readonly List<BatchJob> _inOrder = [];
    private readonly Channel<BatchJob> _runnable = Channel.CreateBounded<BatchJob>(MaxWaiting);

    public TimeProvider TimeProvider { get; } = timeProvider;

    public BatchRegistry Registry { get; } = registry;

    public ChangeSignal Changed { get; } = new();

    /// <summary>Jobs in the order in which they became runnable.</summary>
    public ChannelReader<BatchJob> Runnable => _runnable.Reader;

    /// <exception cref="Refusal">The queue or the definition does not exist, or too many jobs wait.</exception>
    public BatchJob Submit(BatchSubmission submission, string submittedBy, string region)
    {
        lock (_lock)
        {
            string queue = Registry.OpenQueue(submission.JobQueue, region);
            RegisteredDefinition definition = Registry.Definition(submission.JobDefinition, region);
            BatchJob[] before = [.. submission.DependsOn.Select(other =>
                Find(other) ?? throw BatchInput.Invalid($"Error executing request, Exception : Dependent jobId {other} not found."))];
            int jobs = submission.ArraySize ?? 1;
            if (_runnable.Reader.Count + jobs > MaxWaiting)
            {
                throw new Refusal(429, "TooManyRequestsException", $"More than {MaxWaiting} jobs wait.");
            }

            string id = Guid.NewGuid().ToString();
            BatchJob job = Make(id, parent: null, index: null);
            if (submission.ArraySize is { } size)
            {
                job.Children = [.. Enumerable.Range(0, size).Select(i => Make($"{id}:{i}", job, i))];
            }

            job.Status = BatchJobStatus.Pending;
            _dependencies.Add(job, before.Where(other => !other.HasEnded));
            if (Array.Exists(before, other => other.Status == BatchJobStatus.Failed))
            {
                Fail(job);
            }
            else if (job.WaitsFor.Count == 0)
            {
                Begin(job);
            }

            Changed.Fire();
            return job;

            BatchJob Make(string jobId, BatchJob? parent, int? index)
            {
                BatchJob made = BatchJobs.Make(submission, definition.Definition, jobId, queue, parent, index, definition.Name, submittedBy, region, TimeProvider.GetUtcNow());
                Keep(made);
                return made;
            }
        }
    }

    public BatchJob? Find(string id)
    {
        lock (_lock) { return _jobs.GetValueOrDefault(id); }
    }

    /// <summary>Looks at jobs, none of which changes meanwhile: oldest first.</summary>
    public T[] Select<T>(Func<BatchJob, bool> which, Func<BatchJob, T> select)
    {
        lock (_lock) { return [.. _inOrder.Where(which).Select(select)]; }
    }

    /// <summary>Does something while no job changes.</summary>
    public void Look(Action look)
    {
        lock (_lock) { look(); }
    }

    /// <summary>Visits jobs, none of which changes meanwhile.</summary>
    public void ForEachNewestFirst(Func<BatchJob, bool> isWanted, Action<BatchJob> visit)
    {
        lock (_lock)
        {
            for (int i = _inOrder.Count - 1; i >= 0; i--)
            {
                if (isWanted(_inOrder[i]))
                {
                    visit(_inOrder[i]);
                }
            }
        }
    }

    /// <summary>Visits jobs by id, oldest first, none of which changes meanwhile.</summary>
    public void ForEach(Func<string, bool> isWanted, Action<BatchJob> visit)
    {
        lock (_lock)
        {
            foreach (BatchJob job in _inOrder)
            {
                if (isWanted(job.Id))
                {
                    visit(job);
                }
            }
        }
    }

    /// <summary>Changes a job and tells whoever waits. What it returns says whether there was anything to change.</summary>
    public bool Change(BatchJob job, Func<BatchJob, bool> change)
    {
        lock (_lock)
        {
            if (!change(job))
            {
                return false;
            }

            if (job.Parent is { HasEnded: false } parent && parent.Children.All(c => c.HasEnded))
            {
                parent.Status = parent.Children.All(c => c.Status == BatchJobStatus.Succeeded) ? BatchJobStatus.Succeeded : BatchJobStatus.Failed;
                parent.StatusReason = parent.Status == BatchJobStatus.Failed ? "Array Child Job failed" : null;
                parent.StoppedAt = TimeProvider.GetUtcNow();
                Decide(parent);
            }

            if (job.HasEnded)
            {
                Decide(job);
            }
        }

        Changed.Fire();
        return true;
    }

    /// <summary>Puts a job back to be tried again. To be called within <see cref="Change"/>.</summary>
    public bool TryRequeue(BatchJob job) => _runnable.Writer.TryWrite(job);

    /// <summary>A name out of an ARN, or the name itself.</summary>
    public static string NameOf(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];

    private void Begin(BatchJob job)
    {
        foreach (BatchJob one in job.Children.Count == 0 ? [job] : job.Children)
        {
            one.Status = BatchJobStatus.Runnable;
            _runnable.Writer.TryWrite(one);
        }
    }

    // What waited for a job that has ended, and what waits for that in turn.
    private void Decide(BatchJob ended)
    {
        foreach (BatchJob waiting in _dependencies.Ended(ended))
        {
            if (ended.Status == BatchJobStatus.Failed)
            {
                Fail(waiting);
            }
            else
            {
                Begin(waiting);
            }
        }
    }

    private void Fail(BatchJob job)
    {
        foreach (BatchJob one in job.Children.Append(job))
        {
            one.Status = BatchJobStatus.Failed;
            one.StatusReason = "Dependent Job failed";
            one.StoppedAt = TimeProvider.GetUtcNow();
        }

        Decide(job);
    }

    // AWS forgets ended jobs after a day or more.
    private void Keep(BatchJob job)
    {
        _jobs[job.Id] = job;
        _inOrder.Add(job);
        if (_inOrder.Count > KeptJobs && _inOrder.FindIndex(j => j.HasEnded) is >= 0 and int oldest)
        {
            _jobs.Remove(_inOrder[oldest].Id);
            _inOrder.RemoveAt(oldest);
        }
    }
}
