namespace IotOps.Archive;

/// <summary>What a writer without a directory of its own wrote: a run of entries that is one of several pieces of a zip.</summary>
/// <param name="Entries">Its entries, with offsets from its own first byte.</param>
/// <param name="Length">All its bytes.</param>
public sealed record ZipShard(IReadOnlyList<ZipEntry> Entries, long Length);
