namespace IotOps.Detect.Tests.Working;

/// <summary>A store in which another worker commits a change between the first read and the commit that follows it.</summary>
internal sealed class OvertakenStore(IDetectStore store, DetectChange other) : IDetectStore
{
    private bool _isDone;

    public async Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default)
    {
        if (!_isDone)
        {
            _isDone = true;
            (await store.CommitAsync([other], cancellationToken)).ShouldBeEmpty();
        }

        return await store.CommitAsync(changes, cancellationToken);
    }

    public Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default) => store.ReadAsync(things, cancellationToken);

    public Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default) => store.ReadDueAsync(until, limit, cancellationToken);

    public IAsyncEnumerable<DetectRecord> ScanAsync(CancellationToken cancellationToken = default) => store.ScanAsync(cancellationToken);

    public Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default) =>
        store.ClaimAlarmsAsync(now, claimedUntil, limit, cancellationToken);

    public Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) => store.RemoveAlarmsAsync(ids, cancellationToken);

    public Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default) => store.ReadDocumentAsync(name, cancellationToken);

    public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default) => store.WriteDocumentAsync(document, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
