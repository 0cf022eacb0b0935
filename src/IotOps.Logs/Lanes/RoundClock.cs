namespace IotOps.Logs.Lanes;

/// <summary>The time of one round of the engine, read once for all lanes, so that an event costs no look at a clock. One thread, the engine's.</summary>
internal sealed class RoundClock
{
    private readonly TimeProvider _time;

    public RoundClock(TimeProvider time)
    {
        _time = time;
        Tick();
    }

    /// <summary>Monotonic time of this round, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Now { get; private set; }

    /// <summary>Wall clock of this round, milliseconds since 1970.</summary>
    public long UtcNow { get; private set; }

    /// <summary>What the wall clock is ahead of the monotonic one, in milliseconds: another number once somebody has set the clock.</summary>
    public long Offset => UtcNow - (long)_time.GetElapsedTime(0, Now).TotalMilliseconds;

    /// <summary>Reads the clocks for the round that begins.</summary>
    public void Tick()
    {
        Now = _time.GetTimestamp();
        UtcNow = _time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>The time stamp this long after another.</summary>
    public long After(long timestamp, TimeSpan duration) => timestamp + (long)(duration.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How long ago a time stamp was taken.</summary>
    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp, Now);

    /// <summary>How long until a time stamp; zero when it has passed.</summary>
    public TimeSpan Until(long timestamp) => _time.GetElapsedTime(Now, Math.Max(timestamp, Now));
}
