using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IotOps.Shared;

/// <summary>The bytes of a journal: a header with its checksum, then records with theirs. Little endian.</summary>
/// <remarks>
/// Header: magic (8), generation (8), flags (4), CRC-32C of these (4). Record: length of its content (4), CRC-32C (4) of generation, sequence
/// and content, sequence (8), content. The generation in the checksum keeps what an older file left in a recycled disk block from passing
/// for a record.
/// </remarks>
/// <param name="magic">Eight ASCII characters that name the kind and version of journal.</param>
/// <param name="maxContentBytes">No record is longer. It bounds what a damaged length makes a reader look at.</param>
internal sealed class JournalFormat(string magic, int maxContentBytes)
{
    public const int HeaderBytes = 24;
    public const int RecordHeaderBytes = 16;

    private readonly byte[] _magic = Encoding.ASCII.GetBytes(magic);

    /// <summary>The header of a generation.</summary>
    public byte[] Header(long generation, int flags)
    {
        byte[] header = new byte[HeaderBytes];
        _magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), generation);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), Crc32C.Append(Crc32C.Start, header.AsSpan(0, 20)));
        return header;
    }

    /// <summary>Reads the header; false when it is damaged, another kind's, or not all there.</summary>
    public bool TryReadHeader(ReadOnlySpan<byte> file, out long generation, out int flags)
    {
        generation = 0;
        flags = 0;
        if (file.Length < HeaderBytes || !file.StartsWith(_magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(file[20..]) != Crc32C.Append(Crc32C.Start, file[..20]))
        {
            return false;
        }

        generation = BinaryPrimitives.ReadInt64LittleEndian(file[8..]);
        flags = BinaryPrimitives.ReadInt32LittleEndian(file[16..]);
        return true;
    }

    /// <summary>Writes a record.</summary>
    /// <exception cref="ArgumentException">The content is empty, or longer than a record may be.</exception>
    public void WriteRecord(IBufferWriter<byte> target, long generation, long sequence, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content.Length > maxContentBytes)
        {
            throw new ArgumentException($"A record of this journal has 1 to {maxContentBytes} bytes, not {content.Length}.", nameof(content));
        }

        Span<byte> record = target.GetSpan(RecordHeaderBytes + content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(generation, sequence, content));
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], sequence);
        content.CopyTo(record[RecordHeaderBytes..]);
        target.Advance(RecordHeaderBytes + content.Length);
    }

    /// <summary>Reads the record at the start of the bytes; false when there is no whole one.</summary>
    public bool TryReadRecord(ReadOnlySpan<byte> bytes, long generation, out long sequence, out ReadOnlySpan<byte> content)
    {
        sequence = 0;
        content = [];
        if (bytes.Length < RecordHeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length <= 0 || length > maxContentBytes || length > bytes.Length - RecordHeaderBytes)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        content = bytes.Slice(RecordHeaderBytes, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Checksum(generation, sequence, content);
    }

    private static uint Checksum(long generation, long sequence, ReadOnlySpan<byte> content) =>
        Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, generation), sequence), content);
}
