namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A bar of an <see cref="ErrorChart"/>.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="Counts">Errors of each series.</param>
/// <param name="Expected">What the hour before lets expect; null where the range has no hour before.</param>
/// <param name="IsSurge">Whether it is part of a surge.</param>
public sealed record ErrorBar(DateTimeOffset Start, IReadOnlyList<long> Counts, double? Expected, bool IsSurge)
{
    /// <summary>Errors of all series.</summary>
    public long Errors => Counts.Sum();
}
