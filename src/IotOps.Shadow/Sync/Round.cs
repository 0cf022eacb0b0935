namespace IotOps.Shadow.Sync;

/// <summary>
/// A round of reading, merging and publishing, and whoever waits for it. A waiter belongs to the round that begins after it asked: one that
/// asks while a round ends waits for the next, because its edit may have come too late for this one.
/// </summary>
/// <remarks><see cref="AskAsync"/> and <see cref="Close"/> are safe from anywhere; the rest is called by the loop that runs the round.</remarks>
internal sealed class Round
{
    private readonly Lock _gate = new();
    private List<TaskCompletionSource> _asking = [];
    private List<TaskCompletionSource> _waiting = [];
    private Exception? _closed;

    /// <summary>True from <see cref="Begin"/> to <see cref="End"/>.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True when somebody waits for a round that has not begun.</summary>
    public bool IsAskedFor
    {
        get { lock (_gate) { return _asking.Count > 0; } }
    }

    /// <summary>Asks for a round that begins after this call; completes when it has ended, or throws what it ended with.</summary>
    public Task AskAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed is not null)
            {
                return Task.FromException(_closed);
            }

            _asking.Add(waiter);
        }

        return waiter.Task;
    }

    /// <summary>Begins a round, or the open one from its start again. It takes whoever has asked by now.</summary>
    public void Begin()
    {
        IsOpen = true;
        lock (_gate)
        {
            _waiting.AddRange(_asking);
            _asking.Clear();
        }
    }

    /// <summary>Ends the round with an error, or with success for null, and tells those who belong to it.</summary>
    public void End(Exception? error)
    {
        IsOpen = false;
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            (waiting, _waiting) = (_waiting, []);
        }

        Tell(waiting, error);
    }

    /// <summary>There will be no more rounds: tells everybody, and whoever asks from now on.</summary>
    public void Close(Exception error)
    {
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            _closed = error;
            waiting = [.. _waiting, .. _asking];
            (_waiting, _asking) = ([], []);
        }

        Tell(waiting, error);
    }

    private static void Tell(List<TaskCompletionSource> waiters, Exception? error)
    {
        foreach (TaskCompletionSource waiter in waiters)
        {
            if (error is null)
            {
                waiter.TrySetResult();
            }
            else
            {
                waiter.TrySetException(error);
            }
        }
    }
}
