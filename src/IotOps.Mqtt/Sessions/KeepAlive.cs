using IotOps.Mqtt.Publishing;

namespace IotOps.Mqtt.Sessions;

/// <summary>
/// When to ping and when a link is dead, on the monotonic clock. A ping goes out after 0.9 keep-alives without a packet sent or without one
/// received, and must be answered, by anything, within half a keep-alive (30 s at most): a half-open link is found within 1.5 keep-alives,
/// also while we keep sending into it. An acknowledgement that is overdue is asked about by a ping of its own.
/// </summary>
/// <remarks>
/// On a slow link a ping stands behind what was sent before it, for minutes. As long as bytes leave, its time has not begun; a link that takes
/// none is dead after the same time as ever.
/// </remarks>
/// <param name="interval">Zero for none.</param>
/// <param name="acknowledgeTimeout">How long a packet may wait for its answer.</param>
/// <param name="time">Its monotonic side is used.</param>
internal sealed class KeepAlive(TimeSpan interval, TimeSpan acknowledgeTimeout, TimeProvider time)
{
    private static readonly TimeSpan LongestPing = TimeSpan.FromSeconds(30);

    // How often the way out is looked at while something is on it.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _pingAfter = interval * 0.9;
    private readonly TimeSpan _pingTimeout = interval > TimeSpan.Zero && interval / 2 < LongestPing ? interval / 2 : LongestPing;
    private long? _pingAt;
    private long _pingWrite;
    private long _receivedAtPing;
    private long? _probed;
    private long _probedAt;

    /// <summary>How far sending had come at the last look.</summary>
    public long Moved { get; private set; }

    /// <summary>The ping that was asked for is part of this write.</summary>
    public void Pinged(long write) => _pingWrite = write;

    /// <param name="sending">How far sending has come.</param>
    /// <param name="receivedAt">Time stamp of the last read.</param>
    /// <param name="received">How many reads there were.</param>
    public KeepAliveStep Next(SendActivity sending, long receivedAt, long received)
    {
        long now = time.GetTimestamp();
        TimeSpan look = _pingTimeout / 3 < LongestLook ? _pingTimeout / 3 : LongestLook;
        TimeSpan wait = sending.IsBehind && look < acknowledgeTimeout ? look : acknowledgeTimeout;
        bool ping = false;
        _pingAt = received == _receivedAtPing ? _pingAt : null;
        if (sending.Moved > Moved && sending.LeftWrite < _pingWrite)
        {
            _pingAt = _pingAt is null ? null : now;
            _probedAt = now;
        }

        Moved = sending.Moved;
        if (_pingAt is { } pingAt && Remaining(_pingTimeout, pingAt, now, ref wait))
        {
            return KeepAliveStep.Dead($"nothing came for {_pingTimeout.TotalSeconds:0.#} s after a ping");
        }

        long? oldest = sending.Oldest;
        _probed = oldest == _probed ? _probed : null;
        if (_probed is not null && Remaining(_pingTimeout, _probedAt, now, ref wait))
        {
            return KeepAliveStep.Dead($"the broker answers pings, and has not acknowledged a packet for {time.GetElapsedTime(oldest!.Value, now).TotalSeconds:0.#} s", isUnanswered: true);
        }

        if (_probed is null && oldest is { } waitsSince && Remaining(acknowledgeTimeout, waitsSince, now, ref wait))
        {
            (_probed, _probedAt) = (waitsSince, now);
            ping = true;
        }

        if (interval > TimeSpan.Zero && _pingAt is null)
        {
            ping |= Remaining(_pingAfter, Math.Min(sending.SentAt, receivedAt), now, ref wait);
        }

        if (ping)
        {
            (_pingAt, _receivedAtPing) = (now, received);
            wait = _pingTimeout < wait ? _pingTimeout : wait;
        }

        return new KeepAliveStep(ping, wait, Error: null);
    }

    // True when the time is over; else it shortens the wait to what is left.
    private bool Remaining(TimeSpan limit, long since, long now, ref TimeSpan wait)
    {
        TimeSpan left = limit - time.GetElapsedTime(since, now);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        wait = left < wait ? left : wait;
        return false;
    }
}
