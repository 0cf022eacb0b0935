using System.IO.Compression;

namespace IotOps.Archive.Exporting;

/// <summary>What a gzip object looks like inside, by its first bytes.</summary>
internal static class GzipContent
{
    private const int LookedAt = 32 << 10;

    /// <summary>True for gzip's magic number and its only method, deflate.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1f, 0x8b, 0x08, ..];

    /// <summary>True when records follow each other without a newline, as Firehose writes them unless told otherwise.</summary>
    public static bool IsConcatenated(ReadOnlySpan<byte> plain)
    {
        int together = plain.IndexOf("}{"u8);
        return together >= 0 && plain[..together].IndexOf((byte)'\n') < 0;
    }

    /// <summary>The first plain bytes.</summary>
    public static ReadOnlySpan<byte> Head(ReadOnlyMemory<byte> gzip)
    {
        byte[] plain = new byte[LookedAt];
        int length = 0;
        try
        {
            using var inflate = new GZipStream(new MemoryStream(gzip.ToArray(), writable: false), CompressionMode.Decompress);
            int count;
            while (length < plain.Length && (count = inflate.Read(plain, length, plain.Length - length)) > 0)
            {
                length += count;
            }
        }
        catch (InvalidDataException)
        {
            // Cut off in the middle, or damaged: whoever reads all of it finds out which.
        }

        return plain.AsSpan(0, length);
    }
}
