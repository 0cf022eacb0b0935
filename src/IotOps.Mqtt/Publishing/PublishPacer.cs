namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Keeps publications below a rate: never more than so many within any second, counted exactly, and so many bytes a second with one
/// second's worth to begin with. The caller locks.
/// </summary>
internal sealed class PublishPacer(int publishesPerSecond, int bytesPerSecond, TimeProvider time)
{
    private readonly long[] _sentAt = new long[publishesPerSecond];
    private int _next;
    private int _count;
    private double _bytes = bytesPerSecond;
    private long _bytesAt = time.GetTimestamp();

    /// <summary>Null without a rate to keep.</summary>
    public static PublishPacer? Create(MqttLimits limits, TimeProvider time) =>
        limits is { PublishesPerSecond: 0, BytesPerSecond: 0 } ? null : new(limits.PublishesPerSecond, limits.BytesPerSecond, time);

    /// <summary>Books a publication; else says how long to wait until trying again.</summary>
    public bool TryTake(int bytes, out TimeSpan wait)
    {
        long now = time.GetTimestamp();
        wait = WaitForSlot(now);
        if (bytesPerSecond > 0)
        {
            _bytes = Math.Min(bytesPerSecond, _bytes + time.GetElapsedTime(_bytesAt, now).TotalSeconds * bytesPerSecond);
            _bytesAt = now;

            // Going into debt lets a packet through that is larger than the bucket.
            var forBytes = TimeSpan.FromSeconds(_bytes > 0 ? 0 : (1 - _bytes) / bytesPerSecond);
            wait = wait > forBytes ? wait : forBytes;
        }

        if (wait > TimeSpan.Zero)
        {
            return false;
        }

        _bytes -= bytes;
        if (publishesPerSecond > 0)
        {
            _sentAt[_next] = now;
            _next = (_next + 1) % publishesPerSecond;
            _count = Math.Min(_count + 1, publishesPerSecond);
        }

        return true;
    }

    // The slot to be written next holds the publication that is publishesPerSecond back.
    private TimeSpan WaitForSlot(long now)
    {
        if (publishesPerSecond == 0 || _count < publishesPerSecond)
        {
            return TimeSpan.Zero;
        }

        TimeSpan wait = TimeSpan.FromSeconds(1) - time.GetElapsedTime(_sentAt[_next], now);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
