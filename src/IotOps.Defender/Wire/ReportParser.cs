using System.Text;
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
                    custom = ReadCustomMetrics(ref reader);
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
                    metrics.TcpConnections = ReadTcpConnections(ref reader);
                    break;
                case Field.ListeningTcpPorts:
                    metrics.ListeningTcpPorts = ReadPorts(ref reader);
                    break;
                case Field.ListeningUdpPorts:
                    metrics.ListeningUdpPorts = ReadPorts(ref reader);
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
                    stats = stats with { BytesIn = ReadCount(ref reader) };
                    break;
                case Field.BytesOut:
                    stats = stats with { BytesOut = ReadCount(ref reader) };
                    break;
                case Field.PacketsIn:
                    stats = stats with { PacketsIn = ReadCount(ref reader) };
                    break;
                case Field.PacketsOut:
                    stats = stats with { PacketsOut = ReadCount(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return stats;
    }

    private static SampledList<EstablishedConnection>? ReadTcpConnections(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        SampledList<EstablishedConnection>? connections = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            if (members.Match(name, in reader, Field.EstablishedConnections) == Field.EstablishedConnections)
            {
                connections = ReadEstablished(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return connections;
    }

    private static SampledList<EstablishedConnection> ReadEstablished(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        List<EstablishedConnection> items = [];
        long? total = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.Connections, Field.Total))
            {
                case Field.Connections:
                    for (long entries = reader.BeginList(); reader.NextItem(ref entries);)
                    {
                        items.Add(ReadConnection(ref reader));
                    }

                    break;
                case Field.Total:
                    total = ReadCount(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Sampled(items, total);
    }

    private static EstablishedConnection ReadConnection(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        (InternetAddress Address, int Port)? remote = null;
        string? localInterface = null;
        int? localPort = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.RemoteAddress, Field.LocalInterface, Field.LocalPort))
            {
                case Field.RemoteAddress:
                    string text = reader.Text();
                    remote = TryEndpoint(text, out InternetAddress address, out int port) ? (address, port) : throw reader.Wrong("is no ADDRESS:PORT");
                    break;
                case Field.LocalInterface:
                    localInterface = ReadInterface(ref reader);
                    break;
                case Field.LocalPort:
                    localPort = ReadPortNumber(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return remote is { } peer
            ? new EstablishedConnection(peer.Address, peer.Port, localPort, localInterface)
            : throw new FormatException("A connection has no remote_addr.");
    }

    private static SampledList<ListeningPort> ReadPorts(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        List<ListeningPort> items = [];
        long? total = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.Ports, Field.Total))
            {
                case Field.Ports:
                    for (long entries = reader.BeginList(); reader.NextItem(ref entries);)
                    {
                        items.Add(ReadPort(ref reader));
                    }

                    break;
                case Field.Total:
                    total = ReadCount(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Sampled(items, total);
    }

    private static ListeningPort ReadPort(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        int? port = null;
        string? listensOn = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            switch (members.Match(name, in reader, Field.Port, Field.Interface))
            {
                case Field.Port:
                    port = ReadPortNumber(ref reader);
                    break;
                case Field.Interface:
                    listensOn = ReadInterface(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return port is { } number ? new ListeningPort(number, listensOn) : throw new FormatException("An entry of ports has no port.");
    }

    private static Dictionary<string, CustomMetricValue> ReadCustomMetrics(scoped ref DocumentReader reader)
    {
        var metrics = new Dictionary<string, CustomMetricValue>(StringComparer.Ordinal);
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> utf8);)
        {
            string name = Encoding.UTF8.GetString(utf8);
            if (CustomMetricRules.NameError(name) is { } error)
            {
                throw new FormatException(error);
            }

            if (!metrics.TryAdd(name, ReadCustomMetric(ref reader, name)))
            {
                throw new FormatException($"'{name}' is there twice.");
            }
        }

        return metrics;
    }

    // A list of one map of one member, whose name is the type.
    private static CustomMetricValue ReadCustomMetric(scoped ref DocumentReader reader, string name)
    {
        CustomMetricValue? value = null;
        for (long items = reader.BeginList(); reader.NextItem(ref items);)
        {
            for (long members = reader.BeginMap(); reader.NextName(ref members, out ReadOnlySpan<byte> type);)
            {
                value = value is null ? ReadTyped(ref reader, type) : throw new FormatException($"The custom metric '{name}' has more than one value.");
            }
        }

        return value ?? throw new FormatException($"The custom metric '{name}' has no value.");
    }

    private static CustomMetricValue ReadTyped(scoped ref DocumentReader reader, scoped ReadOnlySpan<byte> type)
    {
        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.Number)))
        {
            return CustomMetricValue.Number(ReadNumber(ref reader));
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.NumberList)))
        {
            List<double> numbers = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                numbers.Add(ReadNumber(ref reader));
            }

            return CustomMetricValue.NumberList(numbers);
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.StringList)))
        {
            List<string> strings = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                string text = reader.Text();
                strings.Add(CustomMetricRules.StringError(text) is { } error ? throw new FormatException(error) : text);
            }

            return CustomMetricValue.StringList(strings);
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.IpList)))
        {
            List<InternetAddress> addresses = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                addresses.Add(InternetAddress.TryParse(reader.Text(), out InternetAddress address) ? address : throw reader.Wrong("has an entry that is no address"));
            }

            return CustomMetricValue.IpList(addresses);
        }

        throw reader.Wrong("is no type of a custom metric; those are number, number_list, string_list and ip_list");
    }

    private static double ReadNumber(scoped ref DocumentReader reader)
    {
        double number = reader.Number();
        return CustomMetricRules.NumberError(number) is { } error ? throw new FormatException(error) : number;
    }

    private static long ReadCount(scoped ref DocumentReader reader)
    {
        long count = reader.Integer();
        return count >= 0 ? count : throw reader.Wrong("is negative");
    }

    private static int ReadPortNumber(scoped ref DocumentReader reader)
    {
        long port = reader.Integer();
        return ReportRules.IsPort(port) ? (int)port : throw reader.Wrong("is no port, 1-65535");
    }

    private static string ReadInterface(scoped ref DocumentReader reader)
    {
        string name = reader.Text();
        return ReportRules.InterfaceError(name) is { } error ? throw reader.Wrong("names no interface: " + error) : name;
    }

    private static SampledList<T> Sampled<T>(List<T> items, long? total)
        where T : struct
    {
        if (total < items.Count)
        {
            throw new FormatException($"'total' is {total}, and {items.Count} are listed.");
        }

        return SampledList<T>.Owning([.. items], total ?? items.Count);
    }

    // Agents also write an IPv6 address without its brackets: the port is behind the last colon in any case.
    private static bool TryEndpoint(string text, out InternetAddress address, out int port)
    {
        address = default;
        port = 0;
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, provider: null, out port)
            || !ReportRules.IsPort(port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        return InternetAddress.TryParse(host is ['[', .. var inner, ']'] && inner.Contains(':') ? inner : host, out address);
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
