using IotOps.Defender.Validation;

namespace IotOps.Defender.Wire;

/// <summary>A report's lists of connections and of ports.</summary>
internal static class SocketListParser
{
    private delegate T ItemReader<T>(scoped ref DocumentReader reader);

    public static SampledList<EstablishedConnection>? ReadConnections(scoped ref DocumentReader reader)
    {
        var members = default(SeenFields);
        SampledList<EstablishedConnection>? connections = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            if (members.Match(name, in reader, Field.EstablishedConnections) == Field.EstablishedConnections)
            {
                connections = Read(ref reader, Field.Connections, ReadConnection);
            }
            else
            {
                reader.Skip();
            }
        }

        return connections;
    }

    public static SampledList<ListeningPort> ReadPorts(scoped ref DocumentReader reader) => Read(ref reader, Field.Ports, ReadPort);

    // The list, and how many there really are.
    private static SampledList<T> Read<T>(scoped ref DocumentReader reader, Field list, ItemReader<T> readItem)
        where T : struct
    {
        var members = default(SeenFields);
        List<T> items = Scratch<T>.Take();
        long? total = null;
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            Field? field = members.Match(name, in reader, list, Field.Total);
            if (field == list)
            {
                for (long entries = reader.BeginList(); reader.NextItem(ref entries);)
                {
                    items.Add(readItem(ref reader));
                }
            }
            else if (field == Field.Total)
            {
                total = reader.Count();
            }
            else
            {
                reader.Skip();
            }
        }

        SampledList<T> read = total < items.Count
            ? throw new FormatException($"'total' is {total}, and {items.Count} are listed.")
            : SampledList<T>.Owning([.. items], total ?? items.Count);
        Scratch<T>.Return(items);
        return read;
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
                    ReadOnlySpan<byte> text = reader.Utf8();
                    remote = Ipv4Endpoint.TryParse(text, out InternetAddress address, out int port) || TryEndpoint(reader.Decoded(text), out address, out port)
                        ? (address, port)
                        : throw reader.Wrong("is no ADDRESS:PORT");
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

    private static int ReadPortNumber(scoped ref DocumentReader reader)
    {
        long port = reader.Integer();
        return ReportRules.IsPort(port) ? (int)port : throw reader.Wrong("is no port, 1-65535");
    }

    private static string ReadInterface(scoped ref DocumentReader reader)
    {
        string name = reader.RepeatedText(out bool isRepeated);
        return !isRepeated && ReportRules.InterfaceError(name) is { } error ? throw reader.Wrong("names no interface: " + error) : name;
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

    // A list that grows to a hundred connections is made eight times over; a thread's list serves the next report.
    private static class Scratch<T>
    {
        private const int MostKept = 1024;

        [ThreadStatic]
        private static List<T>? _items;

        public static List<T> Take()
        {
            List<T> items = _items ?? [];
            _items = null;
            return items;
        }

        public static void Return(List<T> items)
        {
            if (items.Capacity <= MostKept)
            {
                items.Clear();
                _items = items;
            }
        }
    }
}
