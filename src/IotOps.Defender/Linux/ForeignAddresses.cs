using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>
/// The local addresses of another process's network namespace, as far as its files tell. IPv6 addresses come with their interface. IPv4
/// addresses do not: one is an interface's for certain where it is the only local address in a network that one interface alone is connected
/// to. A second address there may be on any interface (such as a virtual address on the loopback), so neither is named.
/// </summary>
internal sealed class ForeignAddresses(ProcPaths paths)
{
    private const uint LoopbackNetwork = 127;

    private readonly string _addresses6 = Path.Combine(paths.Network, "if_inet6");
    private readonly string _addresses4 = Path.Combine(paths.Network, "fib_trie");
    private readonly string _routes4 = Path.Combine(paths.Network, "route");
    private readonly List<uint> _local = [];
    private readonly List<ConnectedNetwork> _networks = [];

    /// <exception cref="InvalidDataException">A file is not as the kernel writes it.</exception>
    public void Read(LocalAddresses addresses, InterfaceNames names)
    {
        ReadIPv6(addresses, names);
        ReadLocal();
        ReadNetworks(names);
        foreach (uint address in _local)
        {
            if (address >> 24 == LoopbackNetwork)
            {
                // The one interface that Linux gives its name itself.
                addresses.Add(LocalAddresses.Map(address), names.Get("lo"u8));
            }
            else if (NetworkOf(address) is { Interface: { } name } network && IsAloneIn(network))
            {
                addresses.Add(LocalAddresses.Map(address), name);
            }
        }
    }

    // fe80000000000000f82bf8fffe0cb001 02 40 20 80     eth0
    private void ReadIPv6(LocalAddresses addresses, InterfaceNames names)
    {
        try
        {
            using var lines = new ProcLines(paths.FileSystem, _addresses6);
            while (lines.Next(out ReadOnlySpan<byte> line))
            {
                int at = 0;
                UInt128 address = UInt128.Zero;
                for (int word = 0; word < SocketLine.WordsIPv6; word++)
                {
                    if (!HexText.TryRead(line, ref at, 8, out uint value))
                    {
                        throw lines.MalformedLine();
                    }

                    address = (address << 32) | value;
                }

                ReadOnlySpan<byte> name = line[(line.LastIndexOf((byte)' ') + 1)..];
                if (at >= line.Length || line[at] != ' ' || name.IsEmpty)
                {
                    throw lines.MalformedLine();
                }

                addresses.Add(address, names.Get(name));
            }
        }
        catch (FileNotFoundException)
        {
            // IPv6 is disabled.
        }
    }

    // |-- 192.0.2.7 and, on a line below, /32 host LOCAL; all of it twice, once for each table.
    private void ReadLocal()
    {
        _local.Clear();
        uint address = 0;
        using var lines = new ProcLines(paths.FileSystem, _addresses4);
        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            line = line.TrimStart((byte)' ');
            if (line.StartsWith("|-- "u8))
            {
                if (!Ipv4Text.TryParse(line[4..], out address))
                {
                    throw lines.MalformedLine();
                }
            }
            else if (line.SequenceEqual("/32 host LOCAL"u8) && !_local.Contains(address))
            {
                _local.Add(address);
            }
        }
    }

    // Iface Destination Gateway Flags RefCnt Use Metric Mask ..., between tabs; addresses as the socket tables have them.
    private void ReadNetworks(InterfaceNames names)
    {
        _networks.Clear();
        using var lines = new ProcLines(paths.FileSystem, _routes4);
        if (!lines.Next(out ReadOnlySpan<byte> header) || !header.StartsWith("Iface\t"u8))
        {
            throw lines.MalformedLine();
        }

        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            if (!RouteLine.TryParse(line, out RouteLine route))
            {
                throw lines.MalformedLine();
            }

            if (route.IsConnected)
            {
                Add(route, names.Get(route.Interface));
            }
        }
    }

    private void Add(RouteLine route, string name)
    {
        foreach (ConnectedNetwork network in _networks)
        {
            if (network.Address == route.Destination && network.Mask == route.Mask)
            {
                network.Interface = network.Interface == name ? name : null;
                return;
            }
        }

        _networks.Add(new ConnectedNetwork(route.Destination, route.Mask) { Interface = name });
    }

    private ConnectedNetwork? NetworkOf(uint address)
    {
        ConnectedNetwork? closest = null;
        foreach (ConnectedNetwork network in _networks)
        {
            if (network.Contains(address) && (closest is null || network.Mask > closest.Mask))
            {
                closest = network;
            }
        }

        return closest;
    }

    private bool IsAloneIn(ConnectedNetwork network)
    {
        int inside = 0;
        foreach (uint address in _local)
        {
            inside += network.Contains(address) ? 1 : 0;
        }

        return inside == 1;
    }

    private sealed class ConnectedNetwork(uint address, uint mask)
    {
        public uint Address => address;

        public uint Mask => mask;

        /// <summary>Null when two interfaces are connected to it.</summary>
        public string? Interface { get; set; }

        public bool Contains(uint other) => (other & mask) == address;
    }
}
