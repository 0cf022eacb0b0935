namespace IotOps.Defender;

/// <summary>
/// One Device Defender metrics report: what a device says about itself. Immutable. An absent (null) block was not measured; an empty list
/// says there are none. See "Sending metrics from devices" in the AWS IoT Device Defender developer guide.
/// </summary>
public sealed class DefenderReport
{
    /// <summary>Positive, and larger in each report of a device.</summary>
    public required long ReportId { get; init; }

    /// <summary>The report format's <c>Major.Minor</c>.</summary>
    public string Version { get; init; } = "1.0";

    /// <summary>What the interfaces carried since the last accepted report.</summary>
    public NetworkStats? NetworkStats { get; init; }

    /// <summary>Established TCP connections.</summary>
    public SampledList<EstablishedConnection>? TcpConnections { get; init; }

    /// <summary>TCP ports that are listened on.</summary>
    public SampledList<ListeningPort>? ListeningTcpPorts { get; init; }

    /// <summary>UDP ports that are listened on.</summary>
    public SampledList<ListeningPort>? ListeningUdpPorts { get; init; }

    /// <summary>Custom metrics by name.</summary>
    public IReadOnlyDictionary<string, CustomMetricValue> CustomMetrics { get; init; } = new Dictionary<string, CustomMetricValue>(StringComparer.Ordinal);
}
