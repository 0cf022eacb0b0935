using System.Buffers.Binary;
using System.Text;
using IotOps.Logs.Batching;
using IotOps.Shared;

namespace IotOps.Logs.Spool;

/// <summary>The bytes of a spool segment: a header with its checksum, then records with theirs. Little endian.</summary>
/// <remarks>
/// Header: magic (8), version (4), header length (4), sequence (8), number of source positions (4), length of group (2) and stream (2),
/// group, stream, positions (source, offset, time, 8 each, length of the
/// cursor (2), cursor; in version 1 source and offset alone), CRC-32C (4). Record: length and flags (4), time (8), CRC-32C of both and the text (4), text.
/// A record's checksum begins with the segment's sequence, so that bytes of another segment in a recycled disk block never pass for its own.
/// </remarks>
internal static class SpoolFormat
{
    /// <summary>Bytes of a record before its text.</summary>
    public const int RecordHeaderBytes = 16;

    /// <summary>Bytes of a source's position without its cursor.</summary>
    public const int PositionBytes = 26;

    private const int FixedHeaderBytes = 32;
    private const int Version = 2;
    private const long NoTime = long.MinValue;
    private const int LengthMask = (1 << 28) - 1;

    private static ReadOnlySpan<byte> Magic => "IOSPOOL\n"u8;

    /// <summary>Makes a header.</summary>
    public static byte[] Header(long sequence, LogDestination destination, IReadOnlyList<SourcePosition> positions)
    {
        byte[] group = Encoding.UTF8.GetBytes(destination.Group);
        byte[] stream = Encoding.UTF8.GetBytes(destination.Stream);
        int cursors = 0;
        foreach (SourcePosition position in positions)
        {
            cursors += Encoding.UTF8.GetByteCount(position.Cursor ?? "");
        }

        byte[] header = new byte[FixedHeaderBytes + group.Length + stream.Length + (positions.Count * PositionBytes) + cursors + 4];
        Span<byte> span = header;
        Magic.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], positions.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(span[28..], (ushort)group.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(span[30..], (ushort)stream.Length);
        group.CopyTo(span[FixedHeaderBytes..]);
        stream.CopyTo(span[(FixedHeaderBytes + group.Length)..]);
        int at = FixedHeaderBytes + group.Length + stream.Length;
        foreach (SourcePosition position in positions)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[at..], position.SourceId);
            BinaryPrimitives.WriteInt64LittleEndian(span[(at + 8)..], position.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(span[(at + 16)..], position.Time ?? NoTime);
            int cursor = Encoding.UTF8.GetBytes(position.Cursor ?? "", span[(at + PositionBytes)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(span[(at + 24)..], (ushort)cursor);
            at += PositionBytes + cursor;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(span[at..], Crc32C.Append(Crc32C.Start, span[..at]));
        return header;
    }

    /// <summary>Reads a header; false when it is torn or not one.</summary>
    public static bool TryReadHeader(
        ReadOnlySpan<byte> file, out int length, out long sequence, out LogDestination destination, out SourcePosition[] positions)
    {
        length = 0;
        sequence = 0;
        destination = default;
        positions = [];
        if (file.Length < FixedHeaderBytes || !file.StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(file[8..]) is not (Version or 1))
        {
            return false;
        }

        bool isFirst = file[8] == 1;
        int positionBytes = isFirst ? 16 : PositionBytes;
        length = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(file[24..]);
        int group = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        int stream = BinaryPrimitives.ReadUInt16LittleEndian(file[30..]);
        long least = FixedHeaderBytes + group + stream + (count * (long)positionBytes) + 4;
        if (count < 0 || length > file.Length || (isFirst ? length != least : length < least)
            || BinaryPrimitives.ReadUInt32LittleEndian(file[(length - 4)..]) != Crc32C.Append(Crc32C.Start, file[..(length - 4)]))
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadInt64LittleEndian(file[16..]);
        destination = new LogDestination(
            Encoding.UTF8.GetString(file.Slice(FixedHeaderBytes, group)), Encoding.UTF8.GetString(file.Slice(FixedHeaderBytes + group, stream)));
        ReadOnlySpan<byte> at = file[(FixedHeaderBytes + group + stream)..(length - 4)];
        positions = new SourcePosition[count];
        for (int i = 0; i < count; i++)
        {
            long time = isFirst ? NoTime : BinaryPrimitives.ReadInt64LittleEndian(at[16..]);
            int cursor = isFirst ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(at[24..]);
            positions[i] = new SourcePosition(
                BinaryPrimitives.ReadInt64LittleEndian(at),
                BinaryPrimitives.ReadInt64LittleEndian(at[8..]),
                time == NoTime ? null : time,
                cursor == 0 ? null : Encoding.UTF8.GetString(at.Slice(positionBytes, cursor)));
            at = at[(positionBytes + cursor)..];
        }

        return true;
    }

    /// <summary>True when a crash ended the file before its header was whole: it never held an event.</summary>
    public static bool IsTornHeader(ReadOnlySpan<byte> file) =>
        file.Length < FixedHeaderBytes || BinaryPrimitives.ReadInt32LittleEndian(file[12..]) > file.Length;

    /// <summary>Writes a record; <paramref name="record"/> has room for it.</summary>
    /// <returns>The record's length.</returns>
    public static int WriteRecord(Span<byte> record, long sequence, long timestamp, EventFlags flags, ReadOnlySpan<byte> message)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, message.Length | (int)(flags & EventFlags.Arrival));
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], timestamp);
        message.CopyTo(record[RecordHeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], RecordChecksum(sequence, record[..(RecordHeaderBytes + message.Length)]));
        return RecordHeaderBytes + message.Length;
    }

    /// <summary>Reads the record at the start of <paramref name="records"/>; false at the end, or where a write was torn.</summary>
    public static bool TryReadRecord(
        ReadOnlySpan<byte> records, long sequence, out long timestamp, out EventFlags flags, out ReadOnlySpan<byte> message)
    {
        timestamp = 0;
        flags = EventFlags.None;
        message = [];
        if (records.Length < RecordHeaderBytes)
        {
            return false;
        }

        int lengthAndFlags = BinaryPrimitives.ReadInt32LittleEndian(records);
        int length = lengthAndFlags & LengthMask;
        if (length == 0 || length > records.Length - RecordHeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(records[12..]) != RecordChecksum(sequence, records[..(RecordHeaderBytes + length)]))
        {
            return false;
        }

        timestamp = BinaryPrimitives.ReadInt64LittleEndian(records[4..]);
        flags = (EventFlags)(lengthAndFlags & ~LengthMask);
        message = records.Slice(RecordHeaderBytes, length);
        return true;
    }

    private static uint RecordChecksum(long sequence, ReadOnlySpan<byte> record) =>
        Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, sequence), record[..12]), record[RecordHeaderBytes..]);
}
