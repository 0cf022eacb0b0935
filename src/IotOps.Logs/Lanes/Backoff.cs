namespace IotOps.Logs.Lanes;

/// <summary>How long a lane waits after its nth failure in a row: full jitter, doubling from one second to one minute. It never gives up.</summary>
internal sealed class Backoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The wait after a failure.</summary>
    /// <param name="failures">Failures in a row, this one included.</param>
    /// <param name="slow">True for a refusal that only people can change.</param>
    /// <param name="atLeast">What the service asked for.</param>
    public TimeSpan After(int failures, bool slow, TimeSpan? atLeast)
    {
        TimeSpan bound = slow ? Longest : First * Math.Pow(2, Math.Clamp(failures - 1, 0, 6));
        bound = bound > Longest ? Longest : bound;
        TimeSpan wait = slow ? bound / 2 + bound / 2 * random() : bound * random();
        return atLeast > wait ? atLeast.Value : wait;
    }
}
