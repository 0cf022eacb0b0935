namespace IotOps.Defender.Rules;

/// <summary>Names and kinds of the metrics that a device measures itself.</summary>
internal static class MeasuredMetrics
{
    private static readonly string[] Names =
    [
        "aws:all-bytes-in", "aws:all-bytes-out", "aws:all-packets-in", "aws:all-packets-out",
        "aws:num-established-tcp-connections", "aws:num-listening-tcp-ports", "aws:num-listening-udp-ports",
        "aws:listening-tcp-ports", "aws:listening-udp-ports", "aws:destination-ip-addresses",
    ];

    /// <summary>Null for an <c>aws:</c> name that a device does not measure.</summary>
    public static MeasuredMetric? Of(string name)
    {
        int index = Array.IndexOf(Names, name);
        return index >= 0 ? (MeasuredMetric)index : name.StartsWith("aws:", StringComparison.Ordinal) ? null : MeasuredMetric.Custom;
    }

    public static string AllNames() => string.Join(", ", Names);

    /// <summary>Bytes and packets: a report holds what came since the last one, so a longer time is their sum.</summary>
    public static bool AddsUp(MeasuredMetric metric) => metric <= MeasuredMetric.PacketsOut;

    public static bool IsCount(MeasuredMetric metric) => metric <= MeasuredMetric.ListeningUdpPortCount;

    public static bool IsPortList(MeasuredMetric metric) => metric is MeasuredMetric.ListeningTcpPorts or MeasuredMetric.ListeningUdpPorts;
}
