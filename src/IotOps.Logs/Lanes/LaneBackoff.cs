using IotOps.Shared;

namespace IotOps.Logs.Lanes;

/// <summary>How long a lane waits after its nth failure in a row: full jitter, doubling from one second to one minute. It never gives up.</summary>
/// <param name="random">Draws from 0.0 up to 1.0.</param>
internal sealed class LaneBackoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The wait after a failure.</summary>
    /// <param name="failures">Failures in a row, this one included.</param>
    /// <param name="slow">True for a refusal that only people can change: half a minute to a minute, from the first on.</param>
    /// <param name="atLeast">What the service asked for.</param>
    public TimeSpan After(int failures, bool slow, TimeSpan? atLeast)
    {
        TimeSpan wait = slow
            ? (Longest / 2) + Backoff.FullJitter(Longest / 2, Longest / 2, 0, random)
            : Backoff.FullJitter(First, Longest, failures - 1, random);
        return atLeast > wait ? atLeast.Value : wait;
    }
}
