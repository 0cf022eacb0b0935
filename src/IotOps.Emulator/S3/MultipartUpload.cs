namespace IotOps.Emulator.S3;

/// <summary>A multipart upload under way. Guarded by its bucket's lock.</summary>
internal sealed class MultipartUpload(string id, string key, DateTimeOffset initiated, IReadOnlyDictionary<string, string> headers)
{
    public string Id { get; } = id;

    public string Key { get; } = key;

    public DateTimeOffset Initiated { get; } = initiated;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    /// <summary>Algorithm that the parts and the object are checked by; null for none.</summary>
    public string? ChecksumAlgorithm { get; init; }

    public bool IsComposite { get; init; }

    public SortedDictionary<int, UploadPart> Parts { get; } = [];
}
