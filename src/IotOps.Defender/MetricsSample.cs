using IotOps.Defender.Readings;

namespace IotOps.Defender;

/// <summary>
/// Stands for what one <see cref="MetricsCollector.Collect"/> saw, until the service has answered. One that is never accepted is simply
/// forgotten.
/// </summary>
public sealed class MetricsSample
{
    internal MetricsSample(MetricsCollector collector, DateTimeOffset time, long number)
    {
        Collector = collector;
        Time = time;
        Number = number;
    }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset Time { get; }

    internal MetricsCollector Collector { get; }

    internal long Number { get; }

    /// <summary>What went by since the collector began; null when the counters could not be read.</summary>
    internal NetworkStats? Traffic { get; init; }

    /// <summary>The counters themselves, where they are to be kept on disk.</summary>
    internal InterfaceCounters[]? Counters { get; init; }
}
