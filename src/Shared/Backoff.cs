namespace IotOps.Shared;

/// <summary>
/// Exponential backoff with full jitter: each wait is drawn between zero and a limit that doubles with every failure. The limit is capped
/// before the draw, so that a fleet that has reached the cap still spreads out. One caller at a time.
/// </summary>
/// <remarks>See https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.</remarks>
/// <param name="first">The limit of the first wait.</param>
/// <param name="longest">The limit of every wait.</param>
/// <param name="random">Draws from 0.0 up to 1.0; null for the system's.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double>? random = null)
{
    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure, and returns the wait after it.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = FullJitter(first, longest, Failures, random);
        Failures = Failures < int.MaxValue ? Failures + 1 : Failures;
        return wait;
    }

    /// <summary>Counts a success: the next failure is the first again.</summary>
    public void Reset() => Failures = 0;

    /// <summary>A wait for callers that count failures themselves.</summary>
    /// <param name="first">The limit of the first wait.</param>
    /// <param name="longest">The limit of every wait.</param>
    /// <param name="failuresBefore">Failures before the one that is waited for; 0 for the first.</param>
    /// <param name="random">Draws from 0.0 up to 1.0; null for the system's.</param>
    public static TimeSpan FullJitter(TimeSpan first, TimeSpan longest, int failuresBefore, Func<double>? random = null) =>
        TimeSpan.FromTicks((long)(Limit(first, longest, failuresBefore).Ticks * (random is null ? Draw() : random())));

    /// <summary>The limit that a wait is drawn from.</summary>
    public static TimeSpan Limit(TimeSpan first, TimeSpan longest, int failuresBefore)
    {
        double ticks = first.Ticks * Math.Pow(2, failuresBefore);
        return ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }

    private static double Draw()
    {
#pragma warning disable CA5394 // Spreads load; nothing secret depends on it.
        return Random.Shared.NextDouble();
#pragma warning restore CA5394
    }
}
