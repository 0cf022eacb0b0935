using IotOps.Shared;

namespace IotOps.Shadow.Sync;

/// <summary>
/// AWS's limits of shadow requests: 10 without an answer, and 20 a second for a thing; here in any second, not on average, because the
/// service's answer to the twenty-first is 429. (https://docs.aws.amazon.com/general/latest/gr/iot_device_management.html)
/// </summary>
internal sealed class RequestBudget
{
    public const int MaxInFlight = 10;
    public const int MaxPerSecond = 20;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly TimeSpan[] _sent = new TimeSpan[MaxPerSecond];
    private readonly Backoff _pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private TimeSpan _pausedUntil;
    private long _count;

    /// <summary>Takes a place for a request; false when there is none.</summary>
    /// <param name="now">Time on a clock that never goes back.</param>
    /// <param name="inFlight">Requests that wait for their answer.</param>
    public bool TryTake(TimeSpan now, int inFlight)
    {
        if (inFlight >= MaxInFlight || NextAt(now) > now)
        {
            return false;
        }

        _sent[_count++ % MaxPerSecond] = now;
        return true;
    }

    /// <summary>
    /// The service has counted more than its rate: requests arrived bunched up, or others ask for this thing, too. Nothing is sent until it has
    /// forgotten them; if each shadow waited for itself, the luckless one would be refused again and again.
    /// </summary>
    public void Throttled(TimeSpan now)
    {
        // Those that were refused together count once.
        if (now >= _pausedUntil)
        {
            _pausedUntil = now + Window + _pauses.Next();
        }
    }

    /// <summary>The service takes requests.</summary>
    public void Accepted() => _pauses.Reset();

    /// <summary>When the rate allows the next request.</summary>
    public TimeSpan NextAt(TimeSpan now)
    {
        TimeSpan free = _count < MaxPerSecond ? now : _sent[_count % MaxPerSecond] + Window;
        free = free > _pausedUntil ? free : _pausedUntil;
        return free > now ? free : now;
    }
}
