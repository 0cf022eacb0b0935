namespace IotOps.Archive;

/// <summary>What an export made.</summary>
public sealed record LogExportResult
{
    /// <summary>True when there were no records: nothing was uploaded, and there is no link.</summary>
    public bool IsEmpty => Url is null;

    /// <summary>One line for whoever asked; what was left out is said in it, too.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// What was left out, and why, in a sentence: <c>2 objects were left out (1 in an archive storage class, 1 damaged).</c> Null when the
    /// answer is whole.
    /// </summary>
    public string? LeftOut { get; init; }

    /// <summary>
    /// How objects that were left out in an archive storage class are restored: the command for the first of them, how long that takes and about what it
    /// costs in us-east-1. It names the bucket. Null when there are none.
    /// </summary>
    public string? RestoreHint { get; init; }

    /// <summary>Key of the zip; null when there were no records.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// A link that needs no credentials; null when there were no records. Treat it as a secret: whoever has it has the logs. Both its
    /// <see cref="Uri.AbsoluteUri"/> and its <c>ToString</c> are the link as it was signed.
    /// </summary>
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

    /// <summary>How many objects were left out, under <see cref="LostObjectPolicy.Skip"/>.</summary>
    public long SkippedObjects { get; init; }

    /// <summary>Objects left out, with the reason; at most the first 1,000.</summary>
    public IReadOnlyList<SkippedLogObject> Skipped { get; init; } = [];

    /// <summary>Records that could not be read, by the reason; empty when all could be.</summary>
    public IReadOnlyList<UnreadableLogRecords> Unreadable { get; init; } = [];

    /// <summary>How many records could not be read.</summary>
    public long UnreadableRecords => Unreadable.Sum(reason => reason.Records);

    /// <summary>Bytes of the records that could not be read.</summary>
    public long UnreadableBytes => Unreadable.Sum(reason => reason.Bytes);
}
