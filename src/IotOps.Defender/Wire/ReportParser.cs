using IotOps.Defender.Validation;

namespace IotOps.Defender.Wire;

/// <summary>
/// A report out of bytes that may come from anywhere. Each element is known by both of its names, so that a report of long names, of short
/// ones, and the mixture that AWS's Python agent sends, are all read.
/// </summary>
internal static class ReportParser
{
    public static DefenderReport Parse(ReadOnlySpan<byte> bytes, DefenderFormat format)
    {
        var reader = new DocumentReader(bytes, format);
        var members = default(SeenFields);
        long? id = null;
        string? version = null;
        Metrics metrics = default;
        bool hasMetrics = false;
        Dictionary<string, CustomMetricValue>? custom = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.Header, Field.Metrics, Field.CustomMetrics))
            {
                case Field.Header:
                    (id, version) = ReadHeader(ref reader);
                    break;
                case Field.Metrics:
                    metrics = ReadMetrics(ref reader);
                    hasMetrics = true;
                    break;
                case Field.CustomMetrics:
                    custom = CustomMetricParser.Read(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.End();
        return new DefenderReport
        {
            ReportId = id ?? throw new FormatException("The header is missing, or has no report_id."),
            Version = version ?? throw new FormatException("The header has no version."),
            NetworkStats = metrics.NetworkStats,
            TcpConnections = metrics.TcpConnections,
            ListeningTcpPorts = metrics.ListeningTcpPorts,
            ListeningUdpPorts = metrics.ListeningUdpPorts,
            HasEmptyMetrics = hasMetrics && metrics.IsEmpty,
            CustomMetrics = custom ?? (hasMetrics ? [] : throw new FormatException("There are neither metrics nor custom_metrics.")),
        };
    }

    private static (long? Id, string? Version) ReadHeader(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        long? id = null;
        string? version = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.ReportId, Field.Version))
            {
                case Field.ReportId:
                    id = reader.Integer();
                    _ = id > 0 ? true : throw reader.Wrong("is no positive integer");
                    break;
                case Field.Version:
                    version = reader.Text();
                    _ = ReportRules.IsMajorMinor(version) ? true : throw reader.Wrong("is not Major.Minor");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (id, version);
    }

    private static Metrics ReadMetrics(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        Metrics metrics = default;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.NetworkStats, Field.TcpConnections, Field.ListeningTcpPorts, Field.ListeningUdpPorts))
            {
                case Field.NetworkStats:
                    metrics.NetworkStats = ReadNetworkStats(ref reader);
                    break;
                case Field.TcpConnections:
                    metrics.TcpConnections = SocketListParser.ReadConnections(ref reader);
                    break;
                case Field.ListeningTcpPorts:
                    metrics.ListeningTcpPorts = SocketListParser.ReadPorts(ref reader);
                    break;
                case Field.ListeningUdpPorts:
                    metrics.ListeningUdpPorts = SocketListParser.ReadPorts(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return metrics;
    }

    // A counter that is not reported counts as 0: none of the four is required.
    private static NetworkStats ReadNetworkStats(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        var stats = default(NetworkStats);
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.BytesIn, Field.BytesOut, Field.PacketsIn, Field.PacketsOut))
            {
                case Field.BytesIn:
                    stats = stats with { BytesIn = reader.Count() };
                    break;
                case Field.BytesOut:
                    stats = stats with { BytesOut = reader.Count() };
                    break;
                case Field.PacketsIn:
                    stats = stats with { PacketsIn = reader.Count() };
                    break;
                case Field.PacketsOut:
                    stats = stats with { PacketsOut = reader.Count() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return stats;
    }

    private struct Metrics
    {
        public NetworkStats? NetworkStats;
        public SampledList<EstablishedConnection>? TcpConnections;
        public SampledList<ListeningPort>? ListeningTcpPorts;
        public SampledList<ListeningPort>? ListeningUdpPorts;

        public readonly bool IsEmpty => NetworkStats is null && TcpConnections is null && ListeningTcpPorts is null && ListeningUdpPorts is null;
    }
}
