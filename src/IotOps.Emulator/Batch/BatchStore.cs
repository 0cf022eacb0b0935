using System.Threading.Channels;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>Queues, definitions and jobs, and which of the jobs may run next. Thread-safe.</summary>
internal sealed class BatchStore(TimeProvider timeProvider)
{
    private const int KeptJobs = 20_000;
    private const int MaxWaiting = 20_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BatchJobDefinition>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchJob> _jobs = new(StringComparer.Ordinal);
    private readonly List<BatchJob> _inOrder = [];
    private readonly Channel<BatchJob> _runnable = Channel.CreateBounded<BatchJob>(MaxWaiting);

    public TimeProvider TimeProvider { get; } = timeProvider;

    public ChangeSignal Changed { get; } = new();

    /// <summary>Jobs in the order in which they became runnable.</summary>
    public ChannelReader<BatchJob> Runnable => _runnable.Reader;

    public void AddQueue(string name)
    {
        lock (_lock) { _queues.Add(name); }
    }

    public int AddDefinition(BatchJobDefinition definition)
    {
        lock (_lock)
        {
            if (!_definitions.TryGetValue(definition.Name, out List<BatchJobDefinition>? revisions))
            {
                _definitions[definition.Name] = revisions = [];
            }

            revisions.Add(definition);
            return revisions.Count;
        }
    }

    /// <exception cref="Refusal">The queue or the definition does not exist, or too many jobs wait.</exception>
    public BatchJob Submit(BatchSubmission submission, string submittedBy, string region)
    {
        lock (_lock)
        {
            string queue = NameOf(submission.JobQueue);
            if (!_queues.Contains(queue))
            {
                throw BatchInput.Invalid($"Error executing request, Exception : JobQueue {submission.JobQueue} not found.");
            }

            (BatchJobDefinition definition, int revision) = FindDefinition(submission.JobDefinition);
            int jobs = submission.ArraySize ?? 1;
            if (_runnable.Reader.Count + jobs > MaxWaiting)
            {
                throw new Refusal(429, "TooManyRequestsException", $"More than {MaxWaiting} jobs wait.");
            }

            string id = Guid.NewGuid().ToString();
            BatchJob job = Make(id, parent: null, index: null);
            if (submission.ArraySize is { } size)
            {
                job.Status = BatchJobStatus.Pending;
                job.Children = [.. Enumerable.Range(0, size).Select(i => Make($"{id}:{i}", job, i))];
            }

            foreach (BatchJob one in job.Children.Count == 0 ? [job] : job.Children)
            {
                one.Status = BatchJobStatus.Runnable;
                _runnable.Writer.TryWrite(one);
            }

            Changed.Fire();
            return job;

            BatchJob Make(string jobId, BatchJob? parent, int? index)
            {
                BatchJob made = BatchJobs.Make(submission, definition, jobId, queue, parent, index, $"{definition.Name}:{revision}", submittedBy, region, TimeProvider.GetUtcNow());
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
            }
        }

        Changed.Fire();
        return true;
    }

    /// <summary>Puts a job back to be tried again. To be called within <see cref="Change"/>.</summary>
    public bool TryRequeue(BatchJob job) => _runnable.Writer.TryWrite(job);

    /// <summary>A name out of an ARN, or the name itself.</summary>
    public static string NameOf(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];

    private (BatchJobDefinition Definition, int Revision) FindDefinition(string nameOrArn)
    {
        string[] parts = NameOf(nameOrArn).Split(':');
        if (_definitions.TryGetValue(parts[0], out List<BatchJobDefinition>? revisions))
        {
            int revision = parts.Length == 1 ? revisions.Count : int.TryParse(parts[1], out int asked) ? asked : 0;
            if (revision >= 1 && revision <= revisions.Count)
            {
                return (revisions[revision - 1], revision);
            }
        }

        throw BatchInput.Invalid($"Error executing request, Exception : Job definition {nameOrArn} does not exist or is not active.");
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
