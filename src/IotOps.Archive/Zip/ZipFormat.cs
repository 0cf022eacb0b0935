using System.Buffers.Binary;
using System.Text;

namespace IotOps.Archive.Zip;

/// <summary>The records of a zip, byte for byte: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5, and Info-ZIP's extended timestamp.</summary>
internal static class ZipFormat
{
    /// <summary>No record with its name is longer.</summary>
    public const int MaxRecord = ushort.MaxValue + 256;

    /// <summary>Bytes of the longest descriptor.</summary>
    public const int DescriptorBytes = 24;

    /// <summary>The largest size that 32 bits tell; one more means that a ZIP64 field has it.</summary>
    public const long LargestNarrow = uint.MaxValue - 1;

    private const ushort VersionDeflate = 20;
    private const ushort VersionZip64 = 45;
    private const ushort MadeByUnix = (3 << 8) | VersionZip64;
    private const ushort FlagDescriptor = 1 << 3;
    private const ushort FlagUtf8 = 1 << 11;
    private const ushort MethodDeflate = 8;
    private const ushort ExtraZip64 = 0x0001;
    private const ushort ExtraTimestamp = 0x5455;
    private const uint RegularFile = 0x81A4u << 16; // -rw-r--r--

    /// <summary>The header before an entry's content. Of an entry with a descriptor, sizes and CRC are not looked at.</summary>
    /// <remarks>
    /// Where the sizes are unknown and not bound the entry may grow beyond 4 GiB, so the header says ZIP64 from the start: a reader that sees
    /// the file as a stream learns from the ZIP64 field that the sizes in the descriptor have 64 bits.
    /// </remarks>
    public static int WriteLocalHeader(Span<byte> target, ZipEntry entry)
    {
        bool unknown = entry.HasDescriptor;
        bool wide = unknown && !entry.IsNarrow;
        var record = new RecordWriter(target);
        record.UInt32(0x04034B50);
        record.UInt16(wide ? VersionZip64 : VersionDeflate);
        record.UInt16(Flags(entry));
        record.UInt16(Method(entry));
        record.UInt32(DosTime(entry.LastWriteTime));
        record.UInt32(unknown ? 0 : entry.Crc32);
        record.UInt32(wide ? uint.MaxValue : unknown ? 0 : checked((uint)entry.CompressedLength));
        record.UInt32(wide ? uint.MaxValue : unknown ? 0 : checked((uint)entry.Length));
        record.UInt16((ushort)Encoding.UTF8.GetByteCount(entry.Name));
        record.UInt16((ushort)((wide ? 20 : 0) + TimestampBytes(entry)));
        record.Text(entry.Name);
        if (wide)
        {
            record.UInt16(ExtraZip64);
            record.UInt16(16);
            record.UInt64(0);
            record.UInt64(0);
        }

        Timestamp(ref record, entry);
        return record.Length;
    }

    /// <summary>Sizes and CRC behind the content of an entry whose header did not know them.</summary>
    public static int WriteDescriptor(Span<byte> target, uint crc, long compressedLength, long length, bool isNarrow)
    {
        var record = new RecordWriter(target);
        record.UInt32(0x08074B50);
        record.UInt32(crc);
        if (isNarrow)
        {
            record.UInt32(checked((uint)compressedLength));
            record.UInt32(checked((uint)length));
        }
        else
        {
            record.UInt64((ulong)compressedLength);
            record.UInt64((ulong)length);
        }

        return record.Length;
    }

    /// <summary>An entry's line in the central directory. Only what does not fit into 32 bits goes into a ZIP64 field.</summary>
    public static int WriteDirectoryEntry(Span<byte> target, ZipEntry entry)
    {
        bool wideLength = entry.Length >= uint.MaxValue;
        bool wideCompressed = entry.CompressedLength >= uint.MaxValue;
        bool wideOffset = entry.HeaderOffset >= uint.MaxValue;
        int wide = 8 * ((wideLength ? 1 : 0) + (wideCompressed ? 1 : 0) + (wideOffset ? 1 : 0));

        var record = new RecordWriter(target);
        record.UInt32(0x02014B50);
        record.UInt16(MadeByUnix);
        record.UInt16((entry.HasDescriptor && !entry.IsNarrow) || wide > 0 ? VersionZip64 : VersionDeflate);
        record.UInt16(Flags(entry));
        record.UInt16(Method(entry));
        record.UInt32(DosTime(entry.LastWriteTime));
        record.UInt32(entry.Crc32);
        record.UInt32(wideCompressed ? uint.MaxValue : (uint)entry.CompressedLength);
        record.UInt32(wideLength ? uint.MaxValue : (uint)entry.Length);
        record.UInt16((ushort)Encoding.UTF8.GetByteCount(entry.Name));
        record.UInt16((ushort)((wide > 0 ? 4 + wide : 0) + TimestampBytes(entry)));
        record.UInt16(0); // comment
        record.UInt16(0); // disk
        record.UInt16(0); // internal attributes
        record.UInt32(RegularFile);
        record.UInt32(wideOffset ? uint.MaxValue : (uint)entry.HeaderOffset);
        record.Text(entry.Name);
        if (wide > 0)
        {
            record.UInt16(ExtraZip64);
            record.UInt16((ushort)wide);
            record.UInt64If(wideLength, entry.Length);
            record.UInt64If(wideCompressed, entry.CompressedLength);
            record.UInt64If(wideOffset, entry.HeaderOffset);
        }

        Timestamp(ref record, entry);
        return record.Length;
    }

    /// <summary>What stands behind the last line of the directory; with its ZIP64 form where a number is too big for the old one.</summary>
    public static int WriteDirectoryEnd(Span<byte> target, long count, long size, long offset)
    {
        var record = new RecordWriter(target);
        if (count >= ushort.MaxValue || size >= uint.MaxValue || offset >= uint.MaxValue)
        {
            record.UInt32(0x06064B50);
            record.UInt64(44); // bytes of this record behind this field
            record.UInt16(MadeByUnix);
            record.UInt16(VersionZip64);
            record.UInt32(0); // this disk
            record.UInt32(0); // disk of the directory
            record.UInt64((ulong)count);
            record.UInt64((ulong)count);
            record.UInt64((ulong)size);
            record.UInt64((ulong)offset);

            record.UInt32(0x07064B50);
            record.UInt32(0); // disk of the record above
            record.UInt64((ulong)(offset + size));
            record.UInt32(1); // disks
        }

        record.UInt32(0x06054B50);
        record.UInt16(0);
        record.UInt16(0);
        record.UInt16((ushort)Math.Min(count, ushort.MaxValue));
        record.UInt16((ushort)Math.Min(count, ushort.MaxValue));
        record.UInt32((uint)Math.Min(size, uint.MaxValue));
        record.UInt32((uint)Math.Min(offset, uint.MaxValue));
        record.UInt16(0); // comment
        return record.Length;
    }

    private static ushort Flags(ZipEntry entry) => (ushort)(FlagUtf8 | (entry.HasDescriptor ? FlagDescriptor : 0));

    private static ushort Method(ZipEntry entry) => entry.IsStored ? (ushort)0 : MethodDeflate;

    // Two-second steps from 1980 to 2107, of no stated zone: readers that know the timestamp field take that.
    private static uint DosTime(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        if (utc.Year < 1980)
        {
            return (1 << 21) | (1 << 16);
        }

        return utc.Year > 2107
            ? (127u << 25) | (12 << 21) | (31 << 16) | (23 << 11) | (59 << 5) | 29
            : ((uint)(utc.Year - 1980) << 25) | ((uint)utc.Month << 21) | ((uint)utc.Day << 16)
                | ((uint)utc.Hour << 11) | ((uint)utc.Minute << 5) | ((uint)utc.Second / 2);
    }

    // Seconds since 1970 in 32 signed bits; what lies outside has the DOS time alone.
    private static bool HasTimestamp(ZipEntry entry) => entry.LastWriteTime.ToUnixTimeSeconds() is >= int.MinValue and <= int.MaxValue;

    private static int TimestampBytes(ZipEntry entry) => HasTimestamp(entry) ? 9 : 0;

    private static void Timestamp(ref RecordWriter record, ZipEntry entry)
    {
        if (HasTimestamp(entry))
        {
            record.UInt16(ExtraTimestamp);
            record.UInt16(5);
            record.Byte(1); // the time of the last change, and no other
            record.UInt32((uint)(int)entry.LastWriteTime.ToUnixTimeSeconds());
        }
    }

    private ref struct RecordWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Byte(byte value) => _target[Length++] = value;

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_target[Length..], value);
            Length += sizeof(ushort);
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_target[Length..], value);
            Length += sizeof(uint);
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_target[Length..], value);
            Length += sizeof(ulong);
        }

        public void UInt64If(bool wanted, long value)
        {
            if (wanted)
            {
                UInt64((ulong)value);
            }
        }

        public void Text(string value) => Length += Encoding.UTF8.GetBytes(value, _target[Length..]);
    }
}
