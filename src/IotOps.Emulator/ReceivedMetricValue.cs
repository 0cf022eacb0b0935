namespace IotOps.Emulator;

/// <summary>A value that a metric filter took from a log event, as CloudWatch would get it.</summary>
public sealed record ReceivedMetricValue
{
    /// <summary>Namespace of the metric.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the metric.</summary>
    public required string Name { get; init; }

    /// <summary>The value: of the event, or the filter's default after a call of which no event matched.</summary>
    public required double Value { get; init; }

    /// <summary>Unit, such as <c>Milliseconds</c>; <c>None</c> unless the filter says otherwise.</summary>
    public required string Unit { get; init; }

    /// <summary>Dimensions with their values.</summary>
    public required IReadOnlyDictionary<string, string> Dimensions { get; init; }

    /// <summary>Time of the event; for a default value that of the call.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Log group of the filter.</summary>
    public required string LogGroup { get; init; }

    /// <summary>Name of the filter.</summary>
    public required string FilterName { get; init; }
}
