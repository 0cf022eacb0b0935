namespace IotOps.Emulator.S3;

/// <summary>A multipart upload under way. Its parts are guarded by its bucket's lock.</summary>
internal sealed class MultipartUpload(string id, string key, DateTimeOffset initiated, IReadOnlyDictionary<string, string> headers)
{
    public string Id { get; } = id;

    public string Key { get; } = key;

    public DateTimeOffset Initiated { get; } = initiated;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public required string StorageClass { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    /// <summary>Algorithm that the parts and the object are checked by; null when none was announced.</summary>
    public string? ChecksumAlgorithm { get; init; }

    /// <summary>Whether the object's checksum is made of those of its parts.</summary>
    public bool IsComposite { get; init; }

    public SortedDictionary<int, UploadPart> Parts { get; } = [];
}
