namespace IotOps.Emulator.S3;

/// <summary>What a deletion did.</summary>
/// <param name="VersionId">The version that is gone, or the marker that was made; null where the bucket has no versions.</param>
/// <param name="IsMarker">Whether that is a marker.</param>
internal sealed record DeletedVersion(string? VersionId, bool IsMarker);
