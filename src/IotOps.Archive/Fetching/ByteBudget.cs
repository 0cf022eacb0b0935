namespace IotOps.Archive.Fetching;

/// <summary>
/// Bytes that may be in memory at once. Reservations are granted in the order asked for; one that is larger than all there is gets
/// through when nothing else is held, so that nothing waits for ever. Thread-safe; one waits at a time.
/// </summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock _lock = new();
    private long _used;
    private long _asked;
    private TaskCompletionSource? _waiter;

    public long Used
    {
        get { lock (_lock) { return _used; } }
    }

    public async ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (Fits(bytes))
            {
                _used += bytes;
                return;
            }

            waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked = bytes;
        }

        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        await waiter.Task.ConfigureAwait(false);
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            if (_waiter is { } waiter && Fits(_asked))
            {
                _waiter = null;
                if (waiter.TrySetResult())
                {
                    _used += _asked;
                }
            }
        }
    }

    private bool Fits(long bytes) => _used == 0 || _used + bytes <= limit;
}
