using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace IotOps.Archive.Decoding;

/// <summary>What a gzip object has inside, by its first bytes.</summary>
internal static class GzipHead
{
    private const int FirstLook = 4 << 10;

    /// <summary>True for gzip of text whose records need no newlines: its deflate blocks may be taken as they are.</summary>
    public static bool IsReadyText(ReadOnlyMemory<byte> head)
    {
        if (ContentMagic.Of(head.Span) != ContentKind.Gzip)
        {
            return false;
        }

        byte[] plain = ArrayPool<byte>.Shared.Rent(ConcatenatedJson.LookedAt);
        try
        {
            return IsReadyText(head, plain);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static bool IsReadyText(ReadOnlyMemory<byte> head, byte[] plain)
    {
        int length = 0;
        using var inflate = new GZipStream(AsStream(head), CompressionMode.Decompress);
        for (int wanted = FirstLook; ; wanted = Math.Min(plain.Length, wanted * 4))
        {
            int read = Read(inflate, plain.AsSpan(length, wanted - length));
            length += read;
            if (ContentMagic.Of(plain.AsSpan(0, length)) != ContentKind.Plain)
            {
                return false;
            }

            if (ConcatenatedJson.Look(plain.AsSpan(0, length)) is { } isConcatenated)
            {
                return !isConcatenated;
            }

            if (length < wanted || wanted == plain.Length)
            {
                return true;
            }
        }
    }

    private static int Read(GZipStream inflate, Span<byte> plain)
    {
        int length = 0;
        try
        {
            int count;
            while (length < plain.Length && (count = inflate.Read(plain[length..])) > 0)
            {
                length += count;
            }
        }
        catch (InvalidDataException)
        {
            // Cut off in the middle, or damaged: whoever reads all of it finds out which.
        }

        return length;
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);
}
