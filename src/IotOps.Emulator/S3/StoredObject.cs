namespace IotOps.Emulator.S3;

/// <summary>An object as it stands.</summary>
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

    /// <summary>Sizes of the parts it was uploaded in; empty when it came whole.</summary>
    public IReadOnlyList<long> PartSizes { get; init; } = [];
}
