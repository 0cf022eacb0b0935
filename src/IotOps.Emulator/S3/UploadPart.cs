namespace IotOps.Emulator.S3;

/// <summary>One part of a multipart upload.</summary>
internal sealed record UploadPart(int Number, Blob Blob, byte[] Md5, ObjectChecksum? Checksum, DateTimeOffset LastModified)
{
    public string ETag { get; } = $"\"{Signing.Hex.Encode(Md5)}\"";
}
