namespace IotOps.Fleet.Tests.Digests;

internal sealed record DigestJson(
    string DigestStartTime,
    string DigestEndTime,
    string DigestS3Bucket,
    string DigestS3Object,
    string DigestPublicKeyFingerprint,
    string? PreviousDigestS3Bucket,
    string? PreviousDigestS3Object,
    string? PreviousDigestHashValue,
    string? PreviousDigestSignature,
    LogJson[] LogFiles);
