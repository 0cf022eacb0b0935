using IotOps.Emulator.Batch;

namespace IotOps.Emulator;

/// <summary>
/// AWS Batch: jobs, queues and definitions, over HTTP and by these methods. Jobs run in this process or as processes of this machine.
/// Thread-safe.
/// </summary>
public sealed class EmulatedBatch
{
    private readonly BatchStore _store;
    private readonly BatchRunner _runner;

    internal EmulatedBatch(BatchStore store, BatchRunner runner)
    {
        _store = store;
        _runner = runner;
    }

    /// <summary>Every job that is remembered, oldest first; the children of an array follow their parent.</summary>
    public IReadOnlyList<EmulatedBatchJob> Jobs => _store.Select(_ => true, job => job.Snapshot());

    /// <summary>Creates a job queue; nothing happens when it exists. All share the room for <see cref="EmulatorOptions.MaxRunningBatchJobs"/>.</summary>
    public void CreateJobQueue(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _store.Registry.TryAdd(new BatchQueue(name));
    }

    /// <summary>Registers a definition, or a new revision of it.</summary>
    /// <returns>The revision, 1 for the first.</returns>
    /// <exception cref="ArgumentException">A name, number or time is out of its range.</exception>
    public int RegisterJobDefinition(BatchJobDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!BatchInput.IsName(definition.Name))
        {
            throw new ArgumentException($"'{definition.Name}' is not a name of a job definition: it has 1 to 128 letters, digits, - and _.", nameof(definition));
        }

        if (definition.Attempts is < 1 or > 10 || definition.AttemptDuration <= TimeSpan.Zero || definition.StopTimeout < TimeSpan.Zero)
        {
            throw new ArgumentException("Attempts are 1 to 10, and times are positive.", nameof(definition));
        }

        RetryStrategy.Check(definition.EvaluateOnExit);
        return _store.Registry.Add(definition);
    }

    /// <summary>Says what a container image is here, for definitions that are registered over HTTP; again for the same name, it replaces what was said.</summary>
    public void AddImage(BatchImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(image.Name, nameof(image));
        _store.Registry.Images.Set(image);
    }

    /// <summary>A job; null when there is none.</summary>
    public EmulatedBatchJob? Find(string jobId) => _store.Select(job => job.Id == jobId, job => job.Snapshot()).FirstOrDefault();

    /// <summary>Waits until a job has ended. There is no limit but the token.</summary>
    /// <exception cref="InvalidOperationException">There is no such job.</exception>
    public async Task<EmulatedBatchJob> WaitAsync(string jobId, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed = _store.Changed.Next;
            EmulatedBatchJob job = Find(jobId) ?? throw new InvalidOperationException($"There is no job {jobId}.");
            if (job.HasEnded)
            {
                return job;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a Spot task away from under a job that runs: SIGTERM, and the next attempt when one is left. Nothing happens to others.</summary>
    public void Reclaim(string jobId)
    {
        if (_store.Find(jobId) is { } job)
        {
            _runner.End(job, new BatchEnd("Your Spot Task was interrupted.", MayRetry: true), alsoRunning: true);
        }
    }
}
