using System.Buffers.Binary;

namespace IotOps.Shadow.Store;

/// <summary>The bytes of a journal: a header with its checksum, then records with theirs. Little endian.</summary>
/// <remarks>
/// Header: magic (8), generation (8), flags (4: 1 = encrypted), CRC-32C of these (4). Record: length of its content (4), CRC-32C (4) of
/// generation, sequence and content, sequence (8), content. The generation in the checksum keeps what an older file left in a recycled
/// disk block from passing for a record.
/// </remarks>
internal static class JournalFormat
{
    public const int HeaderBytes = 24;
    public const int RecordHeaderBytes = 16;

    /// <summary>No record is longer: two documents of 30 KB, their metadata and a patch.</summary>
    public const int MaxContentBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "IOSHADJ1"u8;

    public static byte[] Header(long generation, bool isEncrypted)
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), generation);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), isEncrypted ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), Checksum.Append(Checksum.Start, header.AsSpan(0, 20)));
        return header;
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> file, out long generation, out bool isEncrypted)
    {
        generation = 0;
        isEncrypted = false;
        if (file.Length < HeaderBytes || !file.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(file[20..]) != Checksum.Append(Checksum.Start, file[..20]))
        {
            return false;
        }

        generation = BinaryPrimitives.ReadInt64LittleEndian(file[8..]);
        isEncrypted = BinaryPrimitives.ReadInt32LittleEndian(file[16..]) == 1;
        return true;
    }

    /// <summary>Writes what stands before a record's content.</summary>
    public static void WriteRecordHeader(Span<byte> header, long generation, long sequence, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], RecordChecksum(generation, sequence, content));
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], sequence);
    }

    /// <summary>Reads the record at the start of the bytes; false when there is no whole one.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> bytes, long generation, out long sequence, out ReadOnlySpan<byte> content)
    {
        sequence = 0;
        content = [];
        if (bytes.Length < RecordHeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is <= 0 or > MaxContentBytes || length > bytes.Length - RecordHeaderBytes)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        content = bytes.Slice(RecordHeaderBytes, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == RecordChecksum(generation, sequence, content);
    }

    private static uint RecordChecksum(long generation, long sequence, ReadOnlySpan<byte> content) =>
        Checksum.Append(Checksum.Append(Checksum.Append(Checksum.Start, generation), sequence), content);
}
