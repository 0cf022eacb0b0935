namespace IotOps.Detect.Tests.Working;

/// <summary>A store whose caller can be killed between any two calls.</summary>
internal sealed class KillableStore(IDetectStore store, KillPoint point) : IDetectStore
{
    public Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default) =>
        point.RunAsync(() => store.ReadAsync(things, cancellationToken));

    public Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default) =>
        point.RunAsync(() => store.CommitAsync(changes, cancellationToken));

    public Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default) =>
        point.RunAsync(() => store.ReadDueAsync(until, limit, cancellationToken));

    public IAsyncEnumerable<DetectRecord> ScanAsync(CancellationToken cancellationToken = default) => store.ScanAsync(cancellationToken);

    public Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default) =>
        point.RunAsync(() => store.ClaimAlarmsAsync(now, claimedUntil, limit, cancellationToken));

    public Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) => point.RunAsync(async () =>
    {
        await store.RemoveAlarmsAsync(ids, cancellationToken);
        return true;
    });

    public Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default) => store.ReadDocumentAsync(name, cancellationToken);

    public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default) => store.WriteDocumentAsync(document, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
