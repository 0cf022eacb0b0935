namespace IotOps.Detect;

/// <summary>Something that is remembered of the whole fleet.</summary>
/// <param name="Name">1-128 characters.</param>
/// <param name="Version">Read: the stored version. Written: the version that it was made from, 0 for a new document.</param>
/// <param name="Content">The bytes, at most 300 KiB.</param>
public sealed record DetectDocument(string Name, long Version, ReadOnlyMemory<byte> Content);
