namespace IotOps.Emulator.Concurrency;

/// <summary>Tasks that somebody will wait for at the end. Thread-safe.</summary>
internal sealed class RunningTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];

    public void Add(Task task)
    {
        lock (_lock) { _tasks.Add(task); }
        _ = task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for those that run now.</summary>
    public Task WhenAllAsync()
    {
        lock (_lock) { return Task.WhenAll(_tasks); }
    }

    // One that failed stays, so that its failure is seen.
    private void Remove(Task task)
    {
        if (!task.IsFaulted)
        {
            lock (_lock) { _tasks.Remove(task); }
        }
    }
}
