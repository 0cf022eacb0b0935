namespace IotOps.Defender;

/// <summary>
/// What is normal for a metric. Either <see cref="Value"/> or <see cref="Statistic"/> is set.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_BehaviorCriteria.html.
/// </summary>
public sealed record BehaviorCriteria
{
    /// <summary>How the measurement relates to the value.</summary>
    public required ComparisonOperator ComparisonOperator { get; init; }

    /// <summary>What the measurement is compared with.</summary>
    public MetricValue? Value { get; init; }

    /// <summary>
    /// <c>statisticalThreshold</c>: the percentile that gives the value, <c>p0</c> to <c>p100</c>. AWS ranks the measurements of all devices;
    /// a device by itself ranks its own of the past (<see cref="SecurityProfileEvaluatorOptions.HistoryLength"/>).
    /// </summary>
    public string? Statistic { get; init; }

    /// <summary>
    /// <c>durationSeconds</c>: 300, 600, 900, 1800 or 3600 s; zero makes every report a datapoint. Bytes and packets add up over it; of anything
    /// else its last measurement counts. Not for lists.
    /// </summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Violations in a row that make an alarm, 1-10.</summary>
    public int ConsecutiveDatapointsToAlarm { get; init; } = 1;

    /// <summary>Normal datapoints in a row that clear it, 1-10.</summary>
    public int ConsecutiveDatapointsToClear { get; init; } = 1;
}
