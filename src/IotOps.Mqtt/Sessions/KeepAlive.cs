namespace IotOps.Mqtt.Sessions;

/// <summary>
/// When to ping and when a link is dead, on the monotonic clock. A ping goes out after 0.9 keep-alives without a packet sent or without one
/// received, and must be answered, by anything, within half a keep-alive (30 s at most): a half-open link is found within 1.5 keep-alives,
/// also while we keep sending into it. An acknowledgement that is overdue is asked about by a ping of its own.
/// </summary>
/// <param name="interval">Zero for none.</param>
/// <param name="acknowledgeTimeout">How long a packet may wait for its answer.</param>
/// <param name="time">Its monotonic side is used.</param>
internal sealed class KeepAlive(TimeSpan interval, TimeSpan acknowledgeTimeout, TimeProvider time)
{
    private static readonly TimeSpan LongestPing = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _pingAfter = interval * 0.9;
    private readonly TimeSpan _pingTimeout = interval > TimeSpan.Zero && interval / 2 < LongestPing ? interval / 2 : LongestPing;
    private long? _pingAt;
    private long _receivedAtPing;
    private long? _probed;
    private long _probedAt;

    /// <param name="sentAt">Time stamp of the last write.</param>
    /// <param name="receivedAt">Time stamp of the last read.</param>
    /// <param name="received">How many reads there were.</param>
    /// <param name="oldest">Since when the packet that waits longest for its answer waits; null when none does.</param>
    public KeepAliveStep Next(long sentAt, long receivedAt, long received, long? oldest)
    {
        long now = time.GetTimestamp();
        TimeSpan wait = acknowledgeTimeout;
        bool ping = false;
        _pingAt = received == _receivedAtPing ? _pingAt : null;
        if (_pingAt is { } pingAt && Remaining(_pingTimeout, pingAt, now, ref wait))
        {
            return KeepAliveStep.Dead($"nothing came for {_pingTimeout.TotalSeconds:0.#} s after a ping");
        }

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
            ping |= Remaining(_pingAfter, Math.Min(sentAt, receivedAt), now, ref wait);
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
