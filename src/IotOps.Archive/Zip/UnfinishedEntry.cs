using IotOps.Shared;

namespace IotOps.Archive.Zip;

/// <summary>An entry while its pieces go to the output. CRC and sizes say what was written, not what was given.</summary>
internal sealed class UnfinishedEntry(string name, DateTimeOffset lastWriteTime, DeflateProfile profile, long? largest)
{
    private long _given;

    /// <summary>True when its sizes fit into 32 bits, whatever comes.</summary>
    public bool IsNarrow { get; } = largest <= ZipFormat.LargestNarrow;

    public DeflateProfile Profile { get; } = profile;

    /// <summary>The header has been put into the pipeline, so the entry has a descriptor.</summary>
    public bool HasHeader { get; set; }

    public long HeaderOffset { get; set; }

    public uint Crc { get; private set; }

    public long Length { get; private set; }

    public long CompressedLength { get; private set; }

    public static UnfinishedEntry Continue(ZipOpenEntry open) => new(open.Name, open.LastWriteTime, open.Profile, open.Largest)
    {
        _given = open.Length,
        HasHeader = true,
        HeaderOffset = open.HeaderOffset,
        Crc = open.Crc32,
        Length = open.Length,
        CompressedLength = open.CompressedLength,
    };

    /// <summary>Notes bytes that are about to be added.</summary>
    /// <exception cref="EntryTooLongException">They are too many.</exception>
    public void Give(long bytes)
    {
        if (largest is { } bound && bytes > bound - _given)
        {
            throw new EntryTooLongException($"The entry '{name}' was bound to {bound} bytes and gets more: open it with a larger bound, or with none.");
        }

        _given += bytes;
    }

    /// <summary>Counts a piece that was written.</summary>
    public void Add(uint crc, long length, long compressedLength)
    {
        Crc = Crc32.Combine(Crc, crc, length);
        Length += length;
        CompressedLength += compressedLength;
        if (IsNarrow && CompressedLength > ZipFormat.LargestNarrow)
        {
            // Gzip sources may be padded, and what does not compress grows a little.
            throw new EntryTooLongException($"The compressed bytes of the entry '{name}' need 64 bits, and it was bound to {largest}: open it with none.");
        }
    }

    public ZipOpenEntry ToOpenEntry() => new()
    {
        Name = name,
        LastWriteTime = lastWriteTime,
        Profile = Profile,
        Largest = largest,
        HeaderOffset = HeaderOffset,
        Crc32 = Crc,
        Length = Length,
        CompressedLength = CompressedLength,
    };

    public ZipEntry ToEntry(bool stored) => new()
    {
        Name = name,
        LastWriteTime = lastWriteTime,
        Crc32 = Crc,
        Length = Length,
        CompressedLength = CompressedLength,
        HeaderOffset = HeaderOffset,
        IsStored = stored,
        HasDescriptor = HasHeader,
        IsNarrow = HasHeader && IsNarrow,
    };
}
