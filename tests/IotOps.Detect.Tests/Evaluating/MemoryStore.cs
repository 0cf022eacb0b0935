using System.Runtime.CompilerServices;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>As much of a store as the fleet's statistics need.</summary>
internal sealed class MemoryStore : IDetectStore
{
    private readonly Dictionary<string, DetectDocument> _documents = new(StringComparer.Ordinal);

    public List<DetectRecord> Records { get; } = [];

    public int Scans { get; private set; }

    public async IAsyncEnumerable<DetectRecord> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Scans++;
        await Task.Yield();
        foreach (DetectRecord record in Records)
        {
            yield return record;
        }
    }

    public Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_documents.GetValueOrDefault(name));

    public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default)
    {
        document.Content.Length.ShouldBeLessThan(300 * 1024);
        bool isNext = (_documents.GetValueOrDefault(document.Name)?.Version ?? 0) == document.Version;
        if (isNext)
        {
            _documents[document.Name] = document with { Version = document.Version + 1 };
        }

        return Task.FromResult(isNext);
    }

    public Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
