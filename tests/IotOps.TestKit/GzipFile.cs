using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace IotOps.TestKit;

/// <summary>Gzip members for tests, unusual ones too.</summary>
public static class GzipFile
{
    /// <summary>One member.</summary>
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
        return [.. head, .. Crc32(head)[..2], .. simple[10..]];
    }

    /// <summary>Any deflate data, in a member with a correct trailer for the plain bytes.</summary>
    public static byte[] Around(byte[] deflate, byte[] plain)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)plain.Length);
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, .. deflate, .. Crc32(plain), .. length];
    }

    // zlib's own, out of a trailer that it wrote.
    private static byte[] Crc32(byte[] bytes) => bytes is [] ? [0, 0, 0, 0] : Of(bytes)[^8..^4];
}
