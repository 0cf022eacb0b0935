namespace IotOps.Archive.Exporting;

/// <summary>What an export came to: enough to answer the same request again.</summary>
internal sealed record ExportOutcome
{
    /// <inheritdoc cref="ExportPlan.Request"/>
    public required string Request { get; init; }

    /// <summary>Null when there were no records.</summary>
    public string? Key { get; init; }

    public long Bytes { get; init; }

    public long Records { get; init; }

    public long Objects { get; init; }

    public long SourceBytes { get; init; }

    public required string Message { get; init; }

    /// <inheritdoc cref="LogExportResult.LeftOut"/>
    public string? LeftOut { get; init; }

    /// <inheritdoc cref="LogExportResult.RestoreHint"/>
    public string? RestoreHint { get; init; }

    public long SkippedObjects { get; init; }

    public IReadOnlyList<SkippedLogObject> Skipped { get; init; } = [];

    public IReadOnlyList<UnreadableLogRecords> Unreadable { get; init; } = [];
}
