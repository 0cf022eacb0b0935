namespace IotOps.Fleet;

/// <summary>Where the public keys of digests come from.</summary>
public interface ITrailPublicKeys
{
    /// <summary>The keys that were in use in a range.</summary>
    Task<IReadOnlyList<TrailPublicKey>> ListAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default);
}
