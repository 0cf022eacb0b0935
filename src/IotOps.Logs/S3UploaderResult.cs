namespace IotOps.Logs;

/// <summary>An object that S3 has stored.</summary>
/// <param name="ETag">S3's entity tag, quotes included.</param>
/// <param name="Bytes">Length of the object.</param>
/// <param name="Parts">Parts that it was uploaded in; 1 for a plain put.</param>
/// <param name="VersionId">Version, in a bucket with versioning; else null.</param>
public sealed record S3UploaderResult(string ETag, long Bytes, int Parts, string? VersionId);
