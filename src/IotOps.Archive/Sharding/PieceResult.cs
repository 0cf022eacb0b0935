using IotOps.Archive.Exporting;
using IotOps.Archive.Uploading;

namespace IotOps.Archive.Sharding;

/// <summary>What a piece came to: deflated bytes without header and end, in a head, parts and a tail.</summary>
internal sealed record PieceResult
{
    public required uint Crc32 { get; init; }

    public required long Length { get; init; }

    public required long CompressedLength { get; init; }

    public required IReadOnlyList<UploadedPart> Parts { get; init; }

    public required EntryCounts Counts { get; init; }
}
