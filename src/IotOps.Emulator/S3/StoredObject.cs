namespace IotOps.Emulator.S3;

/// <summary>A version of an object as it stands, or the marker that a deletion left.</summary>
internal sealed record StoredObject
{
    public required string Key { get; init; }

    public required Blob Blob { get; init; }

    /// <summary>With its quotes: the MD5, or the MD5 of the parts' MD5s and their number.</summary>
    public required string ETag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Content-Type and its like, and x-amz-meta-*, by lower-case name.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public ObjectChecksum? Checksum { get; init; }

    public string StorageClass { get; init; } = S3.StorageClass.Standard;

    /// <summary>In the order they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Sizes of the parts it was uploaded in; empty when it came whole.</summary>
    public IReadOnlyList<long> PartSizes { get; init; } = [];

    /// <summary>Checksums of the parts, by the algorithm of the object's; empty unless that is made of them.</summary>
    public IReadOnlyList<string> PartChecksums { get; init; } = [];

    public string VersionId { get; init; } = S3.VersionId.Null;

    /// <summary>Its place in the order in which its bucket took objects in.</summary>
    public long Sequence { get; init; }

    public bool IsDeleteMarker { get; init; }

    public static StoredObject Marker(string key, DateTimeOffset now) => new()
    {
        Key = key,
        Blob = new MemoryBlob([]),
        ETag = "",
        LastModified = now,
        Headers = new Dictionary<string, string>(StringComparer.Ordinal),
        IsDeleteMarker = true,
    };
}
