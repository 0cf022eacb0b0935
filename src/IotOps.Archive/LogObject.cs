namespace IotOps.Archive;

/// <summary>One object of a listing.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="ETag">What it was when it was listed, with its quotes.</param>
public sealed record LogObject(string Bucket, string Key, long Size, string ETag);
