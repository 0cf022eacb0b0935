using IotOps.Shared;

namespace IotOps.Archive.Zip;

/// <summary>An entry while its pieces go to the output. CRC and sizes say what was written, not what was given.</summary>
internal sealed class UnfinishedEntry(string name, DateTimeOffset lastWriteTime, DeflateProfile profile)
{
    public DeflateProfile Profile { get; } = profile;

    /// <summary>The header has been put into the pipeline, so the entry has a descriptor.</summary>
    public bool HasHeader { get; set; }

    public long HeaderOffset { get; set; }

    public uint Crc { get; private set; }

    public long Length { get; private set; }

    public long CompressedLength { get; private set; }

    public static UnfinishedEntry Continue(ZipOpenEntry open) => new(open.Name, open.LastWriteTime, open.Profile)
    {
        HasHeader = true,
        HeaderOffset = open.HeaderOffset,
        Crc = open.Crc32,
        Length = open.Length,
        CompressedLength = open.CompressedLength,
    };

    /// <summary>Counts a piece that was written.</summary>
    public void Add(uint crc, long length, long compressedLength)
    {
        Crc = Crc32.Combine(Crc, crc, length);
        Length += length;
        CompressedLength += compressedLength;
    }

    public ZipOpenEntry ToOpenEntry() => new()
    {
        Name = name,
        LastWriteTime = lastWriteTime,
        Profile = Profile,
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
    };
}
