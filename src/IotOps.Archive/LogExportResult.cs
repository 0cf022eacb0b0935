namespace IotOps.Archive;

/// <summary>What an export made.</summary>
public sealed record LogExportResult
{
    /// <summary>True when there were no records: nothing was uploaded, and there is no link.</summary>
    public bool IsEmpty => Url is null;

    /// <summary>One sentence for whoever asked.</summary>
    public required string Message { get; init; }

    /// <summary>Key of the zip; null when there were no records.</summary>
    public string? Key { get; init; }

    /// <summary>A link that needs no credentials; null when there were no records. Treat it as a secret: whoever has it has the logs.</summary>
    public Uri? Url { get; init; }

    /// <summary>When the link ends: as asked, or earlier, when the credentials that signed it end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Bytes of the zip.</summary>
    public long Bytes { get; init; }

    /// <summary>Records in the zip: lines, or JSON values where they have no lines.</summary>
    public long Records { get; init; }

    /// <summary>Objects read.</summary>
    public long Objects { get; init; }

    /// <summary>Bytes of the objects read, as they lie in S3.</summary>
    public long SourceBytes { get; init; }

    /// <summary>Objects left out, under <see cref="LostObjectPolicy.Skip"/>; at most the first 1,000.</summary>
    public IReadOnlyList<SkippedLogObject> Skipped { get; init; } = [];
}
