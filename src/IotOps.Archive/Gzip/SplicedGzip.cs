namespace IotOps.Archive.Gzip;

/// <summary>A gzip source as deflate blocks.</summary>
/// <param name="Pieces">Where in the buffer they lie; each ends at a byte boundary.</param>
/// <param name="Members">Gzip members, empty ones counted.</param>
/// <param name="Crc">CRC-32 of the plain bytes.</param>
/// <param name="Length">Plain bytes.</param>
/// <param name="LastByte">The last of these; -1 when there are none, or it was not asked for.</param>
internal sealed record SplicedGzip(IReadOnlyList<Range> Pieces, int Members, uint Crc, long Length, int LastByte);
