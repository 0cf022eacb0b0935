using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace IotOps.Archive.Tests.Gzip;

/// <summary>Gzip members as the tests want them, the odd ones too.</summary>
internal static class GzipFile
{
    public static byte[] Of(byte[] plain, CompressionLevel level = CompressionLevel.Optimal, ZLibCompressionStrategy strategy = ZLibCompressionStrategy.Default)
    {
        if (plain.Length == 0)
        {
            // GZipStream writes no member at all for nothing.
            return Around([3, 0], plain);
        }

        var file = new MemoryStream();
        int zlib = level switch { CompressionLevel.NoCompression => 0, CompressionLevel.Fastest => 1, CompressionLevel.SmallestSize => 9, _ => 6 };
        using (var gzip = new GZipStream(file, new ZLibCompressionOptions { CompressionLevel = zlib, CompressionStrategy = strategy }, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return file.ToArray();
    }

    /// <summary>With every optional field of the header.</summary>
    public static byte[] WithAllFields(byte[] plain)
    {
        byte[] simple = Of(plain);
        byte[] head = [.. simple[..10], 4, 0, .. "ABCD"u8, .. "name.log"u8, 0, .. Encoding.Latin1.GetBytes("a comment, öäü"), 0];
        head[3] = 0b11110;
        byte[] crc = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(crc, (ushort)Archive.Checksums.Crc32.Append(0, head));
        return [.. head, .. crc, .. simple[10..]];
    }

    /// <summary>Deflate data of the test's own in a member with a right trailer.</summary>
    public static byte[] Around(byte[] deflate, byte[] plain)
    {
        byte[] trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Archive.Checksums.Crc32.Append(0, plain));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)plain.Length);
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, .. deflate, .. trailer];
    }
}
