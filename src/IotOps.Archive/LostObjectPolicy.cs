namespace IotOps.Archive;

/// <summary>What happens when an object cannot be read: deleted or overwritten after it was listed, archived, encrypted with a key that S3 may not use, refused while others are given, damaged, or something that is not read, such as Parquet.</summary>
public enum LostObjectPolicy
{
    /// <summary>The export fails and uploads nothing.</summary>
    Fail = 0,

    /// <summary>It is left out, and <see cref="LogExportResult.LeftOut"/> and the zip's <c>manifest.json</c> say so. Records of it that were read before stay.</summary>
    Skip = 1,
}
