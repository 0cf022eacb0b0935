using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>Every shadow, and what can be done with one. Thread-safe.</summary>
internal sealed class ShadowStore(EmulatedShadowOptions options, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();

    // What is told of an update is told before the next one is made.
    private readonly Lock _order = new();
    private readonly Dictionary<ShadowKey, ShadowDocument> _documents = [];

    public EmulatedShadowOptions Options { get; } = options;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public long Now => TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    public ShadowDocument Find(ShadowKey key)
    {
        lock (_lock) { return _documents.GetValueOrDefault(key, ShadowDocument.None); }
    }

    /// <summary>Names of a thing's named shadows, sorted.</summary>
    public IReadOnlyList<string> Names(string thing)
    {
        lock (_lock)
        {
            return [.. _documents.Where(d => d.Key.Thing == thing && d.Key.Name.Length > 0 && d.Value.Exists).Select(d => d.Key.Name).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Does what a request asks for.</summary>
    /// <param name="request">What.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="tell">Passes the answer on; subscribers so hear of versions in their order. Must not wait for anything.</param>
    /// <exception cref="Refusal">It is refused.</exception>
    public ShadowAnswer Execute(ShadowTopic request, ReadOnlySpan<byte> payload, Action<ShadowAnswer> tell)
    {
        lock (_order)
        {
            ShadowAnswer answer = Execute(request, payload);
            tell(answer);
            return answer;
        }
    }

    private ShadowAnswer Execute(ShadowTopic request, ReadOnlySpan<byte> payload)
    {
        ShadowKey key = request.Key.Checked();
        switch (request.Operation)
        {
            case ShadowOperation.Get:
                string? token = ShadowUpdate.ParseToken(payload);
                ShadowDocument found = Existing(key);
                return new ShadowAnswer(ShadowMessages.Document(found, Now, token), [], found.Version);
            case ShadowOperation.Delete:
                return Delete(key, ShadowUpdate.ParseToken(payload));
            default:
                return Update(key, ShadowUpdate.Parse(payload, Options));
        }
    }

    private ShadowAnswer Update(ShadowKey key, ShadowUpdate update)
    {
        long now = Now;
        ShadowDocument before;
        ShadowDocument after;
        lock (_lock)
        {
            before = _documents.GetValueOrDefault(key, ShadowDocument.None);
            after = before.Apply(update, now, Options);
            _documents[key] = after;
        }

        var announcements = new List<KeyValuePair<string, byte[]>>(2);
        if (after.Delta is { } delta)
        {
            announcements.Add(new($"{key.TopicPrefix}/update/delta", ShadowMessages.Delta(delta, after, now, update.ClientToken)));
        }

        announcements.Add(new($"{key.TopicPrefix}/update/documents", ShadowMessages.Documents(before, after, now, update.ClientToken)));
        return new ShadowAnswer(ShadowMessages.Accepted(update, after, now), announcements, after.Version);
    }

    private ShadowAnswer Delete(ShadowKey key, string? clientToken)
    {
        lock (_lock)
        {
            ShadowDocument deleted = Existing(key).Delete();
            _documents[key] = deleted;
            return new ShadowAnswer(ShadowMessages.Deleted(deleted.Version, Now, clientToken), [], deleted.Version);
        }
    }

    private ShadowDocument Existing(ShadowKey key) =>
        Find(key) is { Exists: true } found ? found : throw new Refusal(404, "ResourceNotFoundException", $"No shadow exists with name: '{key}'");
}
