namespace IotOps.Hosting;

/// <summary>When a service of the IotOps packages counts as degraded, and when as unhealthy.</summary>
public sealed record IotOpsCheckOptions
{
    /// <summary>
    /// A service whose work has waited for this long is degraded; 5 minutes by default. What waits is the oldest log event that is not accepted, a
    /// connection, a report, a shadow that differs from the cloud's, or an answer of a queue.
    /// </summary>
    public TimeSpan DegradedAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A service whose work has waited for this long is unhealthy; 1 h by default. Not shorter than <see cref="DegradedAfter"/>.</summary>
    public TimeSpan UnhealthyAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Tags of the checks, by which a host chooses among them; <c>iotops</c> by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = ["iotops"];

    /// <summary>Gives a service limits of its own, by the name of its check, such as <c>iotops-logs</c> or <c>iotops-mqtt-pump2</c>; none by default.</summary>
    public IReadOnlyDictionary<string, IotOpsCheckLimits> Limits { get; init; } = new Dictionary<string, IotOpsCheckLimits>(StringComparer.Ordinal);

    internal IotOpsCheckLimits LimitsOf(string name) => Limits.GetValueOrDefault(name) ?? new IotOpsCheckLimits(DegradedAfter, UnhealthyAfter);
}
