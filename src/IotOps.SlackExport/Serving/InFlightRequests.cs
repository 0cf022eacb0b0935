using System.Threading.RateLimiting;

namespace IotOps.SlackExport.Serving;

/// <summary>
/// The requests that are being worked on, including those whose HTTP answer is already out. Beyond the limit the next is turned away.
/// Safe for concurrent use.
/// </summary>
internal sealed class InFlightRequests(int limit) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = 0 });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _late = [];

    /// <summary>How many there may be.</summary>
    public int Limit => limit;

    /// <summary>Requests that were turned away.</summary>
    public long TurnedAway => _limiter.GetStatistics()!.TotalFailedLeases;

    /// <summary>Fires when no more work is to be done.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Takes a place, which its disposal gives back; not acquired when there is none.</summary>
    public RateLimitLease TryBegin() => _limiter.AttemptAcquire();

    /// <summary>Gives a place back when the work that continues behind its answer has ended.</summary>
    public void EndWith(Task late, RateLimitLease lease)
    {
        lock (_lock)
        {
            _late.Add(late);
        }

        _ = late.ContinueWith(
            ended =>
            {
                lock (_lock)
                {
                    _late.Remove(ended);
                }

                lease.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits until no work continues behind an answer. An exception of that work comes out here.</summary>
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

            await Task.WhenAll(late).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all work that still waits for something.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public void Dispose()
    {
        _stopping.Dispose();
        _limiter.Dispose();
    }
}
