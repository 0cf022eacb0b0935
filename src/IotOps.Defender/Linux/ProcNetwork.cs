using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>The network as ROOT/PID/net tells it.</summary>
internal sealed class ProcNetwork(ProcPaths paths, InterfaceFilter filter) : INetworkReadings
{
    private const int MaxUdpPasses = 8;
    private const int QuietUdpPasses = 2;

    // The kernel makes a table 4 KiB at a time (more where its pages are larger), and a line is 128 bytes.
    private const int LinesOfOnePiece = 30;

    private readonly string _tcp = Path.Combine(paths.Network, "tcp");
    private readonly string _tcp6 = Path.Combine(paths.Network, "tcp6");
    private readonly string _udp = Path.Combine(paths.Network, "udp");
    private readonly string _udp6 = Path.Combine(paths.Network, "udp6");
    private readonly string _dev = Path.Combine(paths.Network, "dev");
    private readonly InterfaceNames _names = new();
    private readonly ForeignAddresses _foreign = new(paths);
    private readonly InterfaceLayers _layers = new(paths, filter);
    private readonly List<string> _present = [];

    public void ReadTcp(SocketRows established, SocketRows listening)
    {
        established.Clear();
        listening.Clear();
        Read(_tcp, SocketLine.WordsIPv4, established, listening, SocketLine.Listening);
        ReadIPv6(_tcp6, established, listening, SocketLine.Listening);
    }

    public void ReadUdp(SocketRows listening)
    {
        listening.Clear();

        // For each piece of the UDP table the kernel finds its place by counting sockets from the first: when some of those have gone meanwhile,
        // others are skipped. So a table of several pieces is read until two passes have brought nothing new. (TCP's place is a bucket.)
        bool inPieces;
        int quiet = 0, passes = 0;
        do
        {
            int known = listening.Count;
            inPieces = Read(_udp, SocketLine.WordsIPv4, established: null, listening, SocketLine.Unconnected);
            inPieces |= ReadIPv6(_udp6, established: null, listening, SocketLine.Unconnected);
            listening.SortDistinct();
            quiet = listening.Count == known ? quiet + 1 : 0;
        }
        while (inPieces && quiet < QuietUdpPasses && ++passes < MaxUdpPasses);
    }

    public void ReadInterfaces(InterfaceReadings interfaces)
    {
        interfaces.Clear();
        _present.Clear();
        ReadCounters(interfaces);
        _layers.Mark(interfaces, _present);
    }

    public void ReadAddresses(LocalAddresses addresses)
    {
        if (OperatingSystem.IsLinux() && paths.IsOwnNamespace())
        {
            InterfaceAddresses.Read(addresses, _names);
        }
        else
        {
            _foreign.Read(addresses, _names);
        }
    }

    private void ReadCounters(InterfaceReadings interfaces)
    {
        using var lines = new ProcLines(paths.FileSystem, _dev);
        for (int i = 0; i < DeviceLine.HeaderLines; i++)
        {
            if (!lines.Next(out ReadOnlySpan<byte> header) || !DeviceLine.IsHeader(i, header))
            {
                throw lines.MalformedLine();
            }
        }

        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            if (!DeviceLine.TryParse(line, _names, out InterfaceCounters counters))
            {
                throw lines.MalformedLine();
            }

            _present.Add(counters.Name);
            if (filter.Counts(counters.Name))
            {
                interfaces.Add(counters);
            }
        }
    }

    private bool ReadIPv6(string path, SocketRows? established, SocketRows listening, byte listeningState)
    {
        try
        {
            return Read(path, SocketLine.WordsIPv6, established, listening, listeningState);
        }
        catch (FileNotFoundException)
        {
            // IPv6 is disabled. A process that is gone took the directory with it, which is another exception.
            return false;
        }
    }

    // True when the table may have come in several pieces; the last of them may have been skipped whole.
    private bool Read(string path, int words, SocketRows? established, SocketRows listening, byte listeningState)
    {
        using var lines = new ProcLines(paths.FileSystem, path);
        if (!lines.Next(out ReadOnlySpan<byte> header) || !SocketLine.IsHeader(header))
        {
            throw lines.MalformedLine();
        }

        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            if (!SocketLine.TryParse(line, words, out SocketRow row, out byte state))
            {
                throw lines.MalformedLine();
            }

            // A report takes no port 0, which a peer may yet connect from: one such connection must not cost the whole report.
            if (state == SocketLine.Established && row.LocalPort != 0 && row.RemotePort != 0)
            {
                established?.Add(row);
            }
            else if (state == listeningState && row.LocalPort != 0 && row.RemotePort == 0)
            {
                listening.Add(row);
            }
        }

        return lines.Count > LinesOfOnePiece;
    }
}
