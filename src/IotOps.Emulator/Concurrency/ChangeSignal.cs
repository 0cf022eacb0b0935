namespace IotOps.Emulator.Concurrency;

/// <summary>Wakes whoever waits for the next change. Take <see cref="Next"/> before looking, so that no change is missed. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;

    public Task Next
    {
        get
        {
            lock (_lock) { return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task; }
        }
    }

    public void Fire()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            next = _next;
            _next = null;
        }

        next?.SetResult();
    }
}
