namespace IotOps.Samples.LogExport.Serving;

/// <summary>
/// How many requests are being worked on, those included whose HTTP answer is already out. Beyond the limit the next is turned away.
/// Safe for concurrent use.
/// </summary>
internal sealed class RequestsUnderWay(int limit) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _late = [];
    private int _count;
    private long _turnedAway;

    /// <summary>How many there may be.</summary>
    public int Limit => limit;

    /// <summary>Requests that were turned away.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>Fires when no more work is to be done.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Increment(ref _turnedAway);
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void End() => Interlocked.Decrement(ref _count);

    /// <summary>Gives the place back when that work, which goes on behind the answer, has ended.</summary>
    public void EndWith(Task late)
    {
        lock (_lock)
        {
            _late.Add(late);
        }

        _ = late.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until nothing goes on behind an answer. An exception of that work comes out here.</summary>
    public async Task WhenLateWorkIsDoneAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task[] late;
            lock (_lock)
            {
                late = [.. _late];
            }

            if (late.Length == 0)
            {
                return;
            }

            await Task.WhenAll(late).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends all work that still waits for something.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    private void Forget(Task late)
    {
        lock (_lock)
        {
            _late.Remove(late);
        }

        End();
    }
}
