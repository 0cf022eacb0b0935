namespace IotOps.Logs.Lanes;

/// <summary>Wakes one waiter; signals that nobody waits for are kept as one. Safe for concurrent use.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set()
    {
        lock (_gate) { _signal.TrySetResult(); }
    }

    /// <summary>Completes at the next signal; taking it uses up a signal that was kept.</summary>
    public Task TakeAsync()
    {
        lock (_gate)
        {
            Task signal = _signal.Task;
            if (signal.IsCompleted)
            {
                _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return signal;
        }
    }
}
