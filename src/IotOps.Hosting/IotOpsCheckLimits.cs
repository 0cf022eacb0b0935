namespace IotOps.Hosting;

/// <summary>How long one service's work may wait.</summary>
/// <param name="DegradedAfter">It is degraded from here on.</param>
/// <param name="UnhealthyAfter">It is unhealthy from here on; not shorter than the other.</param>
public sealed record IotOpsCheckLimits(TimeSpan DegradedAfter, TimeSpan UnhealthyAfter)
{
    internal bool IsPossible => DegradedAfter > TimeSpan.Zero && UnhealthyAfter >= DegradedAfter;
}
