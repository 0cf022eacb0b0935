namespace IotOps.Fleet;

/// <summary>Keys that were fetched before, for a validation without CloudTrail: <c>aws cloudtrail list-public-keys</c> prints them.</summary>
/// <param name="keys">The keys.</param>
public sealed class TrailPublicKeyList(IReadOnlyList<TrailPublicKey> keys) : ITrailPublicKeys
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<TrailPublicKey>> ListAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        Task.FromResult(keys);
}
