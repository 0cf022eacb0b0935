using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Errors by time.</summary>
/// <param name="Series">Event types, the most frequent first: at most five, the last of which is <see cref="Other"/> when there are more.</param>
/// <param name="Bars">All buckets of the range, those without an error too.</param>
/// <param name="Surges">Where there were far more than before.</param>
public sealed record ErrorChart(IReadOnlyList<string> Series, IReadOnlyList<ErrorBar> Bars, IReadOnlyList<ErrorSurge> Surges)
{
    /// <summary>The series of all further event types.</summary>
    public const string Other = "other";

    /// <summary>Errors of the range.</summary>
    public long Errors => Bars.Sum(bar => bar.Errors);
}
