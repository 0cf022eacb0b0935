namespace IotOps.Emulator.Concurrency;

/// <summary>What is to happen later, until this is disposed. Thread-safe.</summary>
internal sealed class LateActions(TimeProvider timeProvider) : IDisposable
{
    // The system's timers take no more than this; a session that outlives it outlives the emulator.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock _lock = new();
    private readonly HashSet<ITimer> _timers = [];
    private bool _isDisposed;

    public ITimer Start(TimeSpan delay, Action action)
    {
        // The timer may fire before its variable is set: the lock makes it wait.
        lock (_lock)
        {
            ITimer? timer = null;
            timer = timeProvider.CreateTimer(
                _ =>
                {
                    lock (_lock)
                    {
                        if (_isDisposed || !_timers.Remove(timer!))
                        {
                            return;
                        }
                    }

                    timer!.Dispose();
                    action();
                },
                state: null,
                delay < Longest ? delay : Longest,
                Timeout.InfiniteTimeSpan);
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>It is not to happen after all; nothing happens when it has.</summary>
    public void Cancel(ITimer? timer)
    {
        if (timer is null)
        {
            return;
        }

        lock (_lock) { _timers.Remove(timer); }
        timer.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (ITimer timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }
}
