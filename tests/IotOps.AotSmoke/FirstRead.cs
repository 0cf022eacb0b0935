namespace IotOps.AotSmoke;

/// <summary>Tells when a process first reads from a log file of a directory.</summary>
internal sealed class FirstRead : IDisposable
{
    private readonly TaskCompletionSource<long> _at = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FileSystemWatcher _watcher;

    public FirstRead(string directory)
    {
        _watcher = new FileSystemWatcher(directory, "*.log") { NotifyFilter = NotifyFilters.LastAccess };
        _watcher.Changed += (_, _) => _at.TrySetResult(TimeProvider.System.GetTimestamp());
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>The moment, on the monotonic clock.</summary>
    public Task<long> Task => _at.Task;

    public void Dispose() => _watcher.Dispose();
}
