namespace IotOps.Archive;

/// <summary>An entry that has been written whole: what the zip's central directory tells about it.</summary>
public sealed record ZipEntry
{
    /// <summary>The name in the zip, already a safe one: see <see cref="ZipEntryName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>When the content was last changed.</summary>
    public required DateTimeOffset LastWriteTime { get; init; }

    /// <summary>CRC-32 of the plain bytes.</summary>
    public required uint Crc32 { get; init; }

    /// <summary>Plain bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes in the zip, without headers.</summary>
    public required long CompressedLength { get; init; }

    /// <summary>
    /// Where its local header begins, counted from the first byte of the writer that wrote it; <see cref="ZipDirectory.Merge"/> shifts it to where that
    /// writer's bytes lie in the whole.
    /// </summary>
    public required long HeaderOffset { get; init; }

    /// <summary>True when its bytes stand as they are (method 0), false when deflated (method 8).</summary>
    public required bool IsStored { get; init; }

    /// <summary>True when the sizes follow the content, because they were not known when the header was written.</summary>
    public required bool HasDescriptor { get; init; }

    /// <summary>True when those sizes have 32 bits each, false for 64: the entry was bound below 4 GiB.</summary>
    public bool IsNarrow { get; init; }
}
