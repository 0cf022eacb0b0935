namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Which errors.</summary>
/// <param name="Range">When.</param>
public sealed record ErrorQuery(TimeRange Range)
{
    /// <summary>The length of a bar: whole minutes; 5 unless set.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of clients of a segment; null for all.</summary>
    public string? Segment { get; init; }

    /// <summary>Of an event type; null for all.</summary>
    public string? EventType { get; init; }

    /// <summary>Of a template; null for all.</summary>
    public long? Template { get; init; }
}
