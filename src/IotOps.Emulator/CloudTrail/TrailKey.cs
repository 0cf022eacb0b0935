namespace IotOps.Emulator.CloudTrail;

/// <summary>A public key of digests.</summary>
/// <param name="Der">PKCS#1.</param>
/// <param name="Fingerprint">MD5 of <paramref name="Der"/>, in hex.</param>
/// <param name="Since">From when it signs.</param>
/// <param name="Until">Until when.</param>
internal sealed record TrailKey(byte[] Der, string Fingerprint, DateTimeOffset Since, DateTimeOffset Until);
