using System.Buffers.Text;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>One line of <c>net/dev</c>: <c>  eth0: 425492216 11279 0 ...</c>, eight numbers of what came in and eight of what went out.</summary>
internal static class DeviceLine
{
    private const int Columns = 16;
    private const int PacketsIn = 1;
    private const int BytesOut = 8;
    private const int PacketsOut = 9;

    public const int HeaderLines = 2;

    public static bool IsHeader(int index, ReadOnlySpan<byte> line) =>
        index == 0 ? line.StartsWith("Inter-|"u8) : line.TrimStart((byte)' ').StartsWith("face |"u8);

    /// <summary>False when the line is not as the kernel writes it. Older kernels write no space after the colon.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, InterfaceNames names, out InterfaceCounters counters)
    {
        counters = default;
        int colon = line.LastIndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? default : line[..colon].TrimStart((byte)' ');
        if (name.IsEmpty)
        {
            return false;
        }

        Span<ulong> columns = stackalloc ulong[Columns];
        ReadOnlySpan<byte> rest = line[(colon + 1)..];
        for (int i = 0; i < Columns; i++)
        {
            rest = rest.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(rest, out columns[i], out int digits) || (digits < rest.Length && rest[digits] != ' ') || rest[0] == '+')
            {
                return false;
            }

            rest = rest[digits..];
        }

        counters = new InterfaceCounters(names.Get(name), columns[0], columns[PacketsIn], columns[BytesOut], columns[PacketsOut]);
        return true;
    }
}
