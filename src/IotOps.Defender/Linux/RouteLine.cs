using System.Buffers.Binary;

namespace IotOps.Defender.Linux;

/// <summary>One line of <c>net/route</c>: where packets to a network go.</summary>
internal readonly ref struct RouteLine
{
    private const int AddressDigits = 8;
    private const int FlagsDigits = 4;
    private const int MetricColumns = 3;
    private const uint Up = 0x1;
    private const uint Gateway = 0x2;
    private const uint Reject = 0x200;

    public ReadOnlySpan<byte> Interface { get; private init; }

    public uint Destination { get; private init; }

    public uint Mask { get; private init; }

    public uint Flags { get; private init; }

    /// <summary>Whether the network is at the interface itself, not behind a router; a default route is no network.</summary>
    public bool IsConnected => (Flags & (Up | Gateway | Reject)) == Up && Mask != 0;

    public static bool TryParse(ReadOnlySpan<byte> line, out RouteLine route)
    {
        route = default;
        int at = line.IndexOf((byte)'\t');
        ReadOnlySpan<byte> name = at <= 0 ? default : line[..at++];
        if (name.IsEmpty
            || !TryReadAddress(line, ref at, out uint destination)
            || !TryReadAddress(line, ref at, out _)
            || !HexText.TryRead(line, ref at, FlagsDigits, out uint flags) || !TrySkipTab(line, ref at))
        {
            return false;
        }

        for (int i = 0; i < MetricColumns; i++)
        {
            int tab = line[at..].IndexOf((byte)'\t');
            if (tab < 0)
            {
                return false;
            }

            at += tab + 1;
        }

        if (!TryReadAddress(line, ref at, out uint mask))
        {
            return false;
        }

        route = new RouteLine { Interface = name, Destination = destination, Mask = mask, Flags = flags };
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> line, ref int at, out uint address)
    {
        bool isRead = HexText.TryRead(line, ref at, AddressDigits, out uint word) && TrySkipTab(line, ref at);
        address = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
        return isRead;
    }

    private static bool TrySkipTab(ReadOnlySpan<byte> line, ref int at)
    {
        if (at >= line.Length || line[at] != '\t')
        {
            return false;
        }

        at++;
        return true;
    }
}
