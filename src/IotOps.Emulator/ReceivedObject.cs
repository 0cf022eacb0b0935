namespace IotOps.Emulator;

/// <summary>An S3 object that was accepted.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">With its quotes.</param>
/// <param name="LastModified">When it was accepted, on the emulator's clock, to the second.</param>
/// <param name="Headers">Content-Type and its like, and x-amz-meta-*, by lower-case name.</param>
public sealed record ReceivedObject(byte[] Content, string ETag, DateTimeOffset LastModified, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Its tags, of which there are ten at most; none by default.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The id of this version; null for an object that was stored while its bucket's versioning was off.</summary>
    public string? VersionId { get; init; }
}
