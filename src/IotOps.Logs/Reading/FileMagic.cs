namespace IotOps.Logs.Reading;

/// <summary>Formats that say at their first bytes that they are no text: rotated logs under compressions not read here, archives, journals.</summary>
internal static class FileMagic
{
    /// <summary>Name of the format that content begins as; null for what may be text.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, 0x08, ..] => "gzip without a name ending in .gz",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => "bzip2",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        [0x04, 0x22, 0x4D, 0x18, ..] => "lz4",
        [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
        [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "ELF",
        _ => head.StartsWith("LPKSHHRH"u8) ? "systemd journal" : null,
    };

    /// <summary>
    /// True for records with NULs in them, as wtmp and lastlog have. NULs before, behind or in one place of text are no records: power cuts
    /// and reserved space leave them.
    /// </summary>
    /// <param name="block">The first bytes that are in no hole.</param>
    public static bool IsBinary(ReadOnlySpan<byte> block)
    {
        block = block.Trim((byte)0);
        int nuls = block.Count((byte)0);
        if (nuls == 0)
        {
            return false;
        }

        int longest = 0;
        for (ReadOnlySpan<byte> rest = block; rest.IndexOf((byte)0) is >= 0 and var start;)
        {
            rest = rest[start..];
            int length = rest.IndexOfAnyExcept((byte)0);
            longest = Math.Max(longest, length);
            rest = rest[length..];
        }

        return (nuls - longest) * 10 > block.Length - longest || !block.Contains((byte)'\n');
    }
}
