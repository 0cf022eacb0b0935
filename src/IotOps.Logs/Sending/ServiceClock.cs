namespace IotOps.Logs.Sending;

/// <summary>The service's time, from the device's clock and the skew the client learnt. Says when it should not be trusted.</summary>
/// <remarks>
/// Before the first answer the device's clock may be wrong by decades, and after an answer NTP may set it: then the skew is stale.
/// A jump shows as the wall clock and the monotonic clock having moved by different amounts.
/// </remarks>
internal sealed class ServiceClock(TimeProvider time, Func<TimeSpan> skew)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private bool _answered;
    private DateTimeOffset _answeredAt;
    private long _answeredTimestamp;

    /// <summary>Says that the service just took a signature, so that its clock and ours, corrected, agree.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _answered = true;
            _answeredAt = time.GetUtcNow();
            _answeredTimestamp = time.GetTimestamp();
        }
    }

    /// <summary>The service's time now.</summary>
    public ServiceTime Now
    {
        get
        {
            DateTimeOffset now = time.GetUtcNow();
            TimeSpan correction = skew();
            bool known;
            lock (_gate)
            {
                known = _answered
                    && (now - _answeredAt - time.GetElapsedTime(_answeredTimestamp)).Duration() <= Tolerance;
            }

            return new ServiceTime(
                now.ToUnixTimeMilliseconds() + (long)correction.TotalMilliseconds,
                (long)correction.TotalMilliseconds,
                known,
                now.ToUnixTimeMilliseconds() - (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds);
        }
    }
}
