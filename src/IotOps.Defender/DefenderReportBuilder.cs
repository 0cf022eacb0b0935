namespace IotOps.Defender;

/// <summary>
/// Gathers one report after another in the same memory, so that building and encoding a report allocates nothing but its payload.
/// Not thread-safe.
/// </summary>
public sealed class DefenderReportBuilder
{
    private readonly Dictionary<string, CustomMetricValue> _customMetrics = new(StringComparer.Ordinal);

    /// <summary>What the interfaces carried since the last accepted report; null while there is nothing to compare with.</summary>
    public NetworkStats? NetworkStats { get; set; }

    /// <summary>Established TCP connections.</summary>
    public ReportList<EstablishedConnection> TcpConnections { get; } = new();

    /// <summary>TCP ports that are listened on.</summary>
    public ReportList<ListeningPort> ListeningTcpPorts { get; } = new();

    /// <summary>UDP ports that are listened on.</summary>
    public ReportList<ListeningPort> ListeningUdpPorts { get; } = new();

    /// <summary>Sets a custom metric; its value is reported under this name.</summary>
    public void SetCustomMetric(string name, CustomMetricValue value) => _customMetrics[name] = value;

    /// <summary>Forgets everything, and keeps the memory.</summary>
    public void Clear()
    {
        NetworkStats = null;
        TcpConnections.Omit();
        ListeningTcpPorts.Omit();
        ListeningUdpPorts.Omit();
        _customMetrics.Clear();
    }

    /// <summary>What was gathered so far, as a report of its own that later changes do not touch.</summary>
    public DefenderReport Build(long reportId) => new()
    {
        ReportId = reportId,
        NetworkStats = NetworkStats,
        TcpConnections = Copy(TcpConnections),
        ListeningTcpPorts = Copy(ListeningTcpPorts),
        ListeningUdpPorts = Copy(ListeningUdpPorts),
        CustomMetrics = new Dictionary<string, CustomMetricValue>(_customMetrics, StringComparer.Ordinal),
    };

    private static SampledList<T>? Copy<T>(ReportList<T> list)
        where T : struct
    {
        if (!list.IsPresent)
        {
            return null;
        }

        var items = new T[list.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = list[i];
        }

        return new SampledList<T>(items, items.Length);
    }
}
