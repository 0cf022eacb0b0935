namespace IotOps.Fleet.Digests;

/// <summary>
/// The digests of one trail, account and region, backfills apart. Each names the one before it; where that ends, the hours tell which must be there:
/// a trail delivers one each hour, at the same minute and second.
/// </summary>
/// <param name="bucket">The trail's bucket.</param>
/// <param name="names">The digests in the range, as the bucket lists them, at least one.</param>
/// <param name="range">The range.</param>
/// <param name="loader">Loads and judges digests.</param>
/// <param name="findings">Gets what is missing.</param>
/// <param name="useAsync">Gets each valid digest.</param>
internal sealed class DigestChain(
    string bucket,
    IReadOnlyList<DigestName> names,
    DigestRange range,
    DigestLoader loader,
    DigestFindings findings,
    Func<Digest, CancellationToken, Task> useAsync)
{
    // A trail that was stopped and started has its digests at another minute from then on.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(30);

    private readonly SortedSet<DateTimeOffset> _listed = [.. names.Select(name => name.Time)];
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly DigestName _any = names[0];

    /// <summary>The hours of the valid digests.</summary>
    public List<(DateTimeOffset Start, DateTimeOffset End)> Covered { get; } = [];

    /// <summary>The end of the newest digest that is listed, whether it is valid or not.</summary>
    public DateTimeOffset Newest => _listed.Max;

    /// <summary>Goes from the newest digest back to the range's beginning.</summary>
    public async Task WalkAsync(CancellationToken cancellationToken)
    {
        (string Bucket, string Key)? at = (bucket, KeyAt(Newest));
        DateTimeOffset time = Newest;
        Digest? next = null;
        while (at is { } place && _visited.Add(place.Key))
        {
            (Digest? digest, bool exists) = await loader.LoadAsync(place.Bucket, place.Key, cancellationToken).ConfigureAwait(false);
            if (!exists)
            {
                Report(place.Key, DigestProblemReason.DigestMissing, next is null ? "it was listed, and it is gone" : $"{next.Key} names it, and it is gone");
            }

            if (digest is not null && IsBroken(digest, next))
            {
                digest = null;
            }

            time = DigestName.Parse(place.Key)?.Time ?? next?.Start ?? time;
            (at, next) = digest is null ? (Older(time, exists), null) : (await UseAsync(digest, cancellationToken).ConfigureAwait(false), digest);
        }

        // What no other digest names is looked at too: one that was moved, or that belongs to another chain.
        foreach (DigestName name in names.Where(name => !_visited.Contains(name.Key)))
        {
            if (await loader.LoadAsync(bucket, name.Key, cancellationToken).ConfigureAwait(false) is { Valid: { } stray })
            {
                await UseAsync(stray, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reports the digests that are missing behind the newest one: each hour that ends within the range has one, an hour later at the latest.</summary>
    public void ReportNewest()
    {
        for (DateTimeOffset end = Newest + DigestRange.Hour; end < range.Until && end + DigestRange.Hour <= range.Now; end += DigestRange.Hour)
        {
            Report(KeyAt(end), DigestProblemReason.NewestDigestMissing, $"the newest digest ends at {Newest:u}, and this one was due");
        }
    }

    // The digest behind this one says what this one's signature and content were.
    private bool IsBroken(Digest digest, Digest? next)
    {
        if (next?.PreviousKey != digest.Key
            || (string.Equals(next.PreviousSignature, digest.Signature, StringComparison.OrdinalIgnoreCase)
                && (next.PreviousHash is null || string.Equals(next.PreviousHash, digest.Hash, StringComparison.OrdinalIgnoreCase))))
        {
            return false;
        }

        Report(digest.Key, DigestProblemReason.DigestSignature, $"{next.Key} says another signature or hash of it");
        return true;
    }

    private async Task<(string Bucket, string Key)?> UseAsync(Digest digest, CancellationToken cancellationToken)
    {
        findings.AddDigest();
        Covered.Add((digest.Start, digest.End));
        await useAsync(digest, cancellationToken).ConfigureAwait(false);
        if (digest.Start <= range.Since)
        {
            return null;
        }

        if (digest is { PreviousBucket: { } previousBucket, PreviousKey: { } previousKey })
        {
            return (previousBucket, previousKey);
        }

        // The first digest after the trail, or its validation, was switched on.
        if (Before(digest.End) is not { } older)
        {
            return null;
        }

        if (older < digest.Start)
        {
            findings.Add(new DigestGap(digest.Key, older, digest.Start));
        }

        return (bucket, KeyAt(older));
    }

    // Behind a digest that says nothing, because it is gone or not to be believed, each hour must have one.
    private (string Bucket, string Key)? Older(DateTimeOffset time, bool exists)
    {
        DateTimeOffset? older = Before(time);
        if (!_any.IsBackfill)
        {
            string why = exists ? "cannot be believed" : "is gone";
            for (DateTimeOffset hour = time - DigestRange.Hour; hour > range.Since && (older is not { } found || hour - found > Tolerance); hour -= DigestRange.Hour)
            {
                Report(KeyAt(hour), DigestProblemReason.DigestMissing, $"the digest after it {why}, and its own hour has none; it never was if the trail began later");
            }
        }

        return older is { } at ? (bucket, KeyAt(at)) : null;
    }

    private DateTimeOffset? Before(DateTimeOffset time)
    {
        SortedSet<DateTimeOffset> before = _listed.GetViewBetween(DateTimeOffset.MinValue, time - TimeSpan.FromTicks(1));
        return before.Count > 0 ? before.Max : null;
    }

    private string KeyAt(DateTimeOffset time) => _any.KeyAt(time);

    private void Report(string key, DigestProblemReason reason, string detail) => findings.Add(new DigestProblem(bucket, key, reason, detail));
}
