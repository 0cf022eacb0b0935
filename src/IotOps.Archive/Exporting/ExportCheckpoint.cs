using IotOps.Archive.Uploading;

namespace IotOps.Archive.Exporting;

/// <summary>All that a killed export needs, beside its plan, to go on: it stands behind the last of its parts.</summary>
internal sealed record ExportCheckpoint
{
    public required string UploadId { get; init; }

    public required IReadOnlyList<UploadedPart> Parts { get; init; }

    public required ExportPosition Position { get; init; }

    public required IReadOnlyList<EntryCounts> Counts { get; init; }

    /// <summary>Null before the first part.</summary>
    public ZipCheckpoint? Zip { get; init; }
}
