using System.Globalization;
using System.Text;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>How far a file was read.</summary>
/// <param name="Read">Bytes of its text, unpacked.</param>
/// <param name="Length">Its length when it was read to its end; -1 before.</param>
/// <param name="Changed">When it had changed last by then, in ticks.</param>
internal sealed record FilePosition(long Read, long Length, long Changed)
{
    public static FilePosition Begin { get; } = new(0, -1, 0);

    public static FilePosition Parse(ReadOnlySpan<byte> text)
    {
        string[] parts = Encoding.ASCII.GetString(text).Split(' ');
        return parts.Length == 3 && long.TryParse(parts[0], out long read) && long.TryParse(parts[1], out long length) && long.TryParse(parts[2], out long changed)
            ? new FilePosition(read, length, changed)
            : Begin;
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Read} {Length} {Changed}"));
}
