using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

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

    /// <summary><see cref="IsConcatenated"/> of what the first bytes of a gzip object hold.</summary>
    public static bool IsConcatenatedInside(ReadOnlyMemory<byte> gzip)
    {
        byte[] plain = ArrayPool<byte>.Shared.Rent(LookedAt);
        int length = 0;
        try
        {
            using var inflate = new GZipStream(AsStream(gzip), CompressionMode.Decompress);
            int count;
            while (length < LookedAt && (count = inflate.Read(plain, length, LookedAt - length)) > 0)
            {
                length += count;
            }
        }
        catch (InvalidDataException)
        {
            // Cut off in the middle, or damaged: whoever reads all of it finds out which.
        }

        bool isConcatenated = IsConcatenated(plain.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(plain);
        return isConcatenated;
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);
}
