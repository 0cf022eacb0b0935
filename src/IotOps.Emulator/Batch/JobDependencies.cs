namespace IotOps.Emulator.Batch;

/// <summary>Which jobs wait for the end of which. Guarded by the lock of the <see cref="BatchStore"/>.</summary>
internal sealed class JobDependencies
{
    private readonly Dictionary<string, List<BatchJob>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Makes a job wait for others.</summary>
    public void Add(BatchJob job, IEnumerable<BatchJob> others)
    {
        foreach (BatchJob other in others)
        {
            job.WaitsFor.Add(other.Id);
            if (!_waiting.TryGetValue(other.Id, out List<BatchJob>? waiting))
            {
                _waiting[other.Id] = waiting = [];
            }

            waiting.Add(job);
        }
    }

    /// <summary>The jobs that wait for nothing any more, or in vain, now that a job has ended.</summary>
    public List<BatchJob> Ended(BatchJob job)
    {
        List<BatchJob> decided = [];
        foreach (BatchJob waiting in _waiting.Remove(job.Id, out List<BatchJob>? all) ? all : [])
        {
            waiting.WaitsFor.Remove(job.Id);
            if (!waiting.HasEnded && (job.Status == BatchJobStatus.Failed || waiting.WaitsFor.Count == 0))
            {
                decided.Add(waiting);
            }
        }

        return decided;
    }
}
