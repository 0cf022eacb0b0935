namespace IotOps.Fleet.Digests;

/// <summary>A log file as a digest lists it.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Hash">The SHA-256 of its uncompressed content, hexadecimal.</param>
/// <param name="Algorithm">How it was hashed: SHA-256.</param>
internal sealed record DigestLog(string Bucket, string Key, string Hash, string Algorithm);
