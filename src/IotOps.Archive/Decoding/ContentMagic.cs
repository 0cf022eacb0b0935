using System.Buffers.Binary;

namespace IotOps.Archive.Decoding;

/// <summary>Tells by its first bytes what an object is. Names of objects say nothing reliable.</summary>
internal static class ContentMagic
{
    /// <summary>Bytes that are looked at.</summary>
    public const int LookedAt = 64;

    // Hadoop's blocks are 256 KiB unless somebody changed that.
    private const int LargestBlock = 64 << 20;

    /// <summary>What begins so.</summary>
    public static ContentKind Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, 0x08, ..] => ContentKind.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => ContentKind.Zstd,
        [0xff, 0x06, 0x00, 0x00, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y', ..] => ContentKind.Snappy,
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0x00, ..] => ContentKind.JavaSnappy,
        [(byte)'P', (byte)'K', 0x03, 0x04, ..] or [(byte)'P', (byte)'K', 0x05, 0x06, ..] => ContentKind.Zip,
        _ => ForeignName(head) is not null ? ContentKind.Foreign
            : IsHadoopSnappy(head) ? ContentKind.HadoopSnappy
            : ContentKind.Plain,
    };

    /// <summary>What something that is not read is called; null for what is none of it.</summary>
    public static string? ForeignName(ReadOnlySpan<byte> head) => head switch
    {
        [0xff, 0xfe, 0x00, 0x00, ..] or [0x00, 0x00, 0xfe, 0xff, ..] => "UTF-32 text",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "UTF-16 text",

        // Without a mark: JSON in such text begins with a brace or a bracket, other text with letters and digits.
        [>= 0x20 and < 0x7f, 0x00, >= 0x09 and < 0x7f, 0x00, >= 0x09 and < 0x7f, 0x00, >= 0x09 and < 0x7f, 0x00, ..] => "UTF-16 text",
        [0x00, (byte)'{' or (byte)'[', 0x00, >= 0x09 and < 0x7f, ..] => "UTF-16 text",
        [0x78, 0x01 or 0x9c or 0xda, ..] => "compressed with zlib",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', < 0x20, ..] => "Parquet",
        [(byte)'O', (byte)'R', (byte)'C', < 0x09 or >= 0x80, ..] => "ORC",
        [(byte)'O', (byte)'b', (byte)'j', 0x01, ..] => "Avro",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00, ..] => "compressed with xz",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, ..] => "compressed with bzip2",
        [0x04, 0x22, 0x4d, 0x18, ..] or [0x02, 0x21, 0x4c, 0x18, ..] => "compressed with lz4",
        [0x89, (byte)'L', (byte)'Z', (byte)'O', 0x00, ..] => "compressed with lzo",
        [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "a 7z archive",
        _ => null,
    };

    // It has no magic number: the length of a block, of its first piece, and in that piece its plain length. Text begins with none of that.
    private static bool IsHadoopSnappy(ReadOnlySpan<byte> head)
    {
        if (head.Length < 10)
        {
            return false;
        }

        uint block = BinaryPrimitives.ReadUInt32BigEndian(head);
        uint piece = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        uint plain = 0;
        int shift = 0;
        foreach (byte part in head[8..Math.Min(head.Length, 13)])
        {
            plain |= (uint)(part & 0x7f) << shift;
            shift += 7;
            if (part < 0x80)
            {
                return block is > 0 and <= LargestBlock && plain > 0 && plain <= block && piece > 1 && piece <= 32 + plain + (plain / 6);
            }
        }

        return false;
    }
}
