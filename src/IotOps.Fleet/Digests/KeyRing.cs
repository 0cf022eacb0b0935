namespace IotOps.Fleet.Digests;

/// <summary>The public keys of a validation, asked for when a digest names one that is not there.</summary>
internal sealed class KeyRing(ITrailPublicKeys keys)
{
    private readonly Dictionary<string, TrailPublicKey> _known = new(StringComparer.Ordinal);
    private readonly HashSet<(DateTimeOffset, DateTimeOffset)> _asked = [];

    /// <summary>A key by its fingerprint; null when CloudTrail does not have it.</summary>
    /// <param name="fingerprint">As the digest names it.</param>
    /// <param name="since">When it was in use: from then ...</param>
    /// <param name="until">... to then.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async ValueTask<TrailPublicKey?> FindAsync(string fingerprint, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (!_known.ContainsKey(fingerprint) && _asked.Add((since, until)))
        {
            foreach (TrailPublicKey key in await keys.ListAsync(since, until, cancellationToken).ConfigureAwait(false))
            {
                _known[key.Fingerprint] = key;
            }
        }

        return _known.GetValueOrDefault(fingerprint);
    }
}
