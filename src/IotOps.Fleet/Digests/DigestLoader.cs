using System.Runtime.CompilerServices;

namespace IotOps.Fleet.Digests;

/// <summary>Fetches digests and decides whether they are CloudTrail's own.</summary>
internal sealed class DigestLoader(ITrailObjects objects, KeyRing keys, FileHasher hasher, DigestRange range, DigestFindings findings)
{
    // Of 64 MB, some hundred thousand log files an hour.
    private const long MaxDigest = 64 << 20;

    /// <summary>Loads a digest and reports what is wrong with it.</summary>
    /// <returns>The digest when it is valid; whether there is an object at all.</returns>
    public async Task<(Digest? Valid, bool Exists)> LoadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        TrailObject? found = await objects.OpenAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return (null, false);
        }

        await using ConfiguredAsyncDisposable closed = found.ConfigureAwait(false);
        HashedFile file = await hasher.HashAsync(found.Body, MaxDigest, cancellationToken).ConfigureAwait(false);
        if (file.ShapeProblem is { } shape)
        {
            Report(bucket, key, shape.Reason, shape.Detail);
        }

        if (file.Hash is null)
        {
            return (null, true);
        }

        Digest digest;
        try
        {
            digest = file.Damage is { } damage
                ? throw new InvalidDataException($"its gzip is damaged: {damage}")
                : DigestReader.Read(bucket, key, hasher.Kept, file.Hash, found.Metadata);
        }
        catch (InvalidDataException e)
        {
            Report(bucket, key, DigestProblemReason.DigestSignature, $"the digest cannot be verified: {e.Message}");
            return (null, true);
        }

        if (digest.OwnBucket != bucket || digest.OwnKey != key)
        {
            Report(bucket, key, DigestProblemReason.DigestMoved, $"the digest was delivered as s3://{digest.OwnBucket}/{digest.OwnKey}");
            return (null, true);
        }

        if (await RefusalAsync(digest, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            Report(bucket, key, DigestProblemReason.DigestSignature, refusal);
            return (null, true);
        }

        return (digest, true);
    }

    private async ValueTask<string?> RefusalAsync(Digest digest, CancellationToken cancellationToken)
    {
        // A backfill is signed with the key of the day it was made.
        (DateTimeOffset since, DateTimeOffset until) = digest.Generated is { } made
            ? (made - DigestRange.Hour, made + DigestRange.Hour)
            : (range.Since, range.Until + (2 * DigestRange.Hour));
        TrailPublicKey? key = await keys.FindAsync(digest.Fingerprint, since, until, cancellationToken).ConfigureAwait(false);
        return key is null
            ? $"CloudTrail has no public key with the fingerprint {digest.Fingerprint} from {since:u} to {until:u}"
            : SignatureCheck.Refusal(digest, key);
    }

    private void Report(string bucket, string key, DigestProblemReason reason, string detail) => findings.Add(new DigestProblem(bucket, key, reason, detail));
}
