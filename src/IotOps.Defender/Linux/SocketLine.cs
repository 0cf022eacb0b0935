using System.Buffers.Binary;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>
/// One line of <c>net/tcp</c>, <c>tcp6</c>, <c>udp</c> or <c>udp6</c>: <c>  0: 0100007F:1F90 00000000:0000 0A ...</c>. See proc_pid_net(5).
/// </summary>
internal static class SocketLine
{
    public const byte Established = 0x01;

    /// <summary>A UDP socket that is not connected; in TCP's terms, whose names the kernel uses here, closed.</summary>
    public const byte Unconnected = 0x07;

    public const byte Listening = 0x0A;

    private const int WordDigits = 8;
    private const int PortDigits = 4;

    /// <summary>How many 32-bit words an address has.</summary>
    public const int WordsIPv4 = 1;

    /// <inheritdoc cref="WordsIPv4"/>
    public const int WordsIPv6 = 4;

    public static bool IsHeader(ReadOnlySpan<byte> line) => line.TrimStart((byte)' ').StartsWith("sl "u8) && line.IndexOf("local_address"u8) >= 0;

    /// <summary>False when the line is not as the kernel writes it, up to the state: what follows is of no use here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, int words, out SocketRow row, out byte state)
    {
        row = default;
        state = 0;
        int at = line.IndexOfAnyExcept((byte)' ');
        if (at < 0)
        {
            return false;
        }

        int number = at;
        while (at < line.Length && char.IsAsciiDigit((char)line[at]))
        {
            at++;
        }

        if (at == number
            || !TrySkip(line, ref at, ':') || !TrySkip(line, ref at, ' ')
            || !TryReadEnd(line, ref at, words, out UInt128 local, out ushort localPort) || !TrySkip(line, ref at, ' ')
            || !TryReadEnd(line, ref at, words, out UInt128 remote, out ushort remotePort) || !TrySkip(line, ref at, ' ')
            || !HexText.TryRead(line, ref at, 2, out uint code) || !TrySkip(line, ref at, ' '))
        {
            return false;
        }

        row = new SocketRow(local, localPort, remote, remotePort);
        state = (byte)code;
        return true;
    }

    private static bool TryReadEnd(ReadOnlySpan<byte> line, ref int at, int words, out UInt128 address, out ushort port)
    {
        address = UInt128.Zero;
        port = 0;
        for (int i = 0; i < words; i++)
        {
            if (!HexText.TryRead(line, ref at, WordDigits, out uint word))
            {
                return false;
            }

            // The kernel prints the words of an address, which is in network order, as numbers of the machine's own order.
            address = (address << 32) | (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word);
        }

        if (words == WordsIPv4)
        {
            address = LocalAddresses.Map((uint)address);
        }

        if (!TrySkip(line, ref at, ':') || !HexText.TryRead(line, ref at, PortDigits, out uint number))
        {
            return false;
        }

        port = (ushort)number;
        return true;
    }

    private static bool TrySkip(ReadOnlySpan<byte> line, ref int at, char expected)
    {
        if (at >= line.Length || line[at] != expected)
        {
            return false;
        }

        at++;
        return true;
    }
}
