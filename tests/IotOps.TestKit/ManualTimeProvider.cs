namespace IotOps.TestKit;

/// <summary>A clock that stands still until a test moves it. Timers fire, in order, inside <see cref="Advance"/>.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _utcNow = start;
    private long _timestamp;

    /// <summary>Starts at 2023-10-01T12:00:00Z, a day with nothing special about it.</summary>
    public ManualTimeProvider() : this(new DateTimeOffset(2023, 10, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that wait for a moment to come.</summary>
    public int ActiveTimers
    {
        get { lock (_lock) { return _timers.Count; } }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) { return _utcNow; }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock) { return _timestamp; }
    }

    /// <summary>Moves both clocks, the wall's and the monotonic one, and fires what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        long end;
        lock (_lock) { end = _timestamp + by.Ticks; }

        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock) { MoveTo(end); }
    }

    /// <summary>Sets the wall clock alone, as NTP or an operator does. No timer fires.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_lock) { _utcNow = now; }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long end)
    {
        lock (_lock)
        {
            ManualTimer? next = _timers.Where(t => t.DueAt <= end).MinBy(t => t.DueAt);
            if (next is not null)
            {
                MoveTo(Math.Max(_timestamp, next.DueAt));
                next.Rearm(_timers);
            }

            return next;
        }
    }

    private void MoveTo(long timestamp)
    {
        _utcNow += TimeSpan.FromTicks(timestamp - _timestamp);
        _timestamp = timestamp;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long DueAt { get; private set; }

        public void Fire() => callback(state);

        public void Rearm(List<ManualTimer> timers)
        {
            if (_period <= TimeSpan.Zero)
            {
                timers.Remove(this);
            }
            else
            {
                DueAt += _period.Ticks;
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    DueAt = clock._timestamp + dueTime.Ticks;
                    clock._timers.Add(this);
                }
            }

            // A due time of zero means now, as with the system's own timers.
            if (dueTime == TimeSpan.Zero)
            {
                clock.Advance(TimeSpan.Zero);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) { clock._timers.Remove(this); }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
