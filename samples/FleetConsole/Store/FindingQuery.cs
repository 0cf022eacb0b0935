using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Which findings.</summary>
public sealed record FindingQuery
{
    /// <summary>At least so bad; all unless set.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>At most so bad; all unless set.</summary>
    public FindingSeverity MostSeverity { get; init; } = FindingSeverity.Critical;

    /// <summary>Of these sources; all unless set.</summary>
    public IReadOnlyCollection<FindingSource> Sources { get; init; } = [];

    /// <summary>In this state; all unless set.</summary>
    public FindingState? State { get; init; }

    /// <summary>Found in this range; at any time unless set.</summary>
    public TimeRange? Found { get; init; }

    /// <summary>Of a thing, or with it among the members; of all unless set.</summary>
    public string? Thing { get; init; }

    /// <summary>How many are passed over, for pages.</summary>
    public int Skip { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 100;
}
