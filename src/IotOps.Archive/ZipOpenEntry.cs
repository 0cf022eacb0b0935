namespace IotOps.Archive;

/// <summary>The entry that was open at a <see cref="ZipCheckpoint"/>, as far as it was written.</summary>
public sealed record ZipOpenEntry
{
    /// <summary>The name in the zip.</summary>
    public required string Name { get; init; }

    /// <summary>When the content was last changed.</summary>
    public required DateTimeOffset LastWriteTime { get; init; }

    /// <summary>How hard it is compressed.</summary>
    public required DeflateProfile Profile { get; init; }

    /// <summary>Where its local header begins, counted from the zip's first byte.</summary>
    public required long HeaderOffset { get; init; }

    /// <summary>CRC-32 of the plain bytes so far.</summary>
    public required uint Crc32 { get; init; }

    /// <summary>Plain bytes so far.</summary>
    public required long Length { get; init; }

    /// <summary>Plain bytes that it was bound to; null for none.</summary>
    public long? Largest { get; init; }

    /// <summary>Bytes in the zip so far, without the header.</summary>
    public required long CompressedLength { get; init; }
}
