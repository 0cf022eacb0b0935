namespace IotOps.Fleet;

/// <summary>A key that CloudTrail's digests are signed with.</summary>
/// <param name="Fingerprint">As digests name it.</param>
/// <param name="Value">DER: PKCS#1, which ListPublicKeys returns, or SubjectPublicKeyInfo.</param>
public sealed record TrailPublicKey(string Fingerprint, ReadOnlyMemory<byte> Value);
