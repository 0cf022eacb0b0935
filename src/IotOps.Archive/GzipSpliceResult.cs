namespace IotOps.Archive;

/// <summary>What a gzip source added to an entry.</summary>
/// <param name="Members">Gzip members, empty ones counted.</param>
/// <param name="Length">Plain bytes, an added newline counted.</param>
/// <param name="Lines">Newlines among them.</param>
/// <param name="CompressedLength">Bytes written to the zip.</param>
/// <param name="AddedNewline">True when the source did not end with one.</param>
public sealed record GzipSpliceResult(long Members, long Length, long Lines, long CompressedLength, bool AddedNewline);
