namespace IotOps.Archive.Uploading;

/// <summary>A part that S3 has.</summary>
internal sealed record UploadedPart(int Number, long Size, string ETag, string? ChecksumCrc32);
