namespace IotOps.Defender.Rules;

/// <summary>Names and kinds of the metrics: those that a device measures itself, and those that the cloud measures.</summary>
internal static class MeasuredMetrics
{
    private static readonly string[] Names =
    [
        "aws:all-bytes-in", "aws:all-bytes-out", "aws:all-packets-in", "aws:all-packets-out",
        "aws:num-established-tcp-connections", "aws:num-listening-tcp-ports", "aws:num-listening-udp-ports",
        "aws:listening-tcp-ports", "aws:listening-udp-ports", "aws:destination-ip-addresses",
        "aws:message-byte-size", "aws:num-messages-sent", "aws:num-messages-received",
        "aws:num-authorization-failures", "aws:num-connection-attempts", "aws:num-disconnects",
        "aws:disconnect-duration", "aws:source-ip-address",
    ];

    /// <summary>Null for an <c>aws:</c> name that nobody in scope measures.</summary>
    public static MeasuredMetric? Of(string name, MetricScope scope = MetricScope.Device)
    {
        int index = Array.IndexOf(Names, name);
        if (index >= 0)
        {
            return scope == MetricScope.Fleet || !IsCloud((MeasuredMetric)index) ? (MeasuredMetric)index : null;
        }

        return name.StartsWith("aws:", StringComparison.Ordinal) ? null : MeasuredMetric.Custom;
    }

    public static string AllNames(MetricScope scope) =>
        string.Join(", ", scope == MetricScope.Fleet ? Names : Names[..(int)MeasuredMetric.MessageBytes]);

    /// <summary>Bytes and packets: a report holds what came since the last one, so a longer time is their sum.</summary>
    public static bool AddsUp(MeasuredMetric metric) => metric <= MeasuredMetric.PacketsOut;

    public static bool IsCount(MeasuredMetric metric) =>
        metric is <= MeasuredMetric.ListeningUdpPortCount or (>= MeasuredMetric.MessageBytes and <= MeasuredMetric.DisconnectDuration);

    public static bool IsPortList(MeasuredMetric metric) => metric is MeasuredMetric.ListeningTcpPorts or MeasuredMetric.ListeningUdpPorts;

    private static bool IsCloud(MeasuredMetric metric) => metric is >= MeasuredMetric.MessageBytes and <= MeasuredMetric.SourceAddresses;
}
