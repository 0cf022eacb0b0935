namespace IotOps.Shared;

/// <summary>Wakes one waiter. Signals that arrive while nobody waits are kept as one. Safe for concurrent use.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _signal = NewSource();

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set()
    {
        lock (_gate) { _signal.TrySetResult(); }
    }

    /// <summary>
    /// Completes at the next signal; taking it uses up a signal that was kept. Take it before looking for work: a signal that is set
    /// meanwhile then ends the wait at once.
    /// </summary>
    public Task TakeAsync()
    {
        lock (_gate)
        {
            Task signal = _signal.Task;
            if (signal.IsCompleted)
            {
                _signal = NewSource();
            }

            return signal;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
