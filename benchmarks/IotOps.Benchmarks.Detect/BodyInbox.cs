using IotOps.Detect;

namespace IotOps.Benchmarks.Detect;

/// <summary>Messages that are in memory already; a deleted one is forgotten.</summary>
internal sealed class BodyInbox(IEnumerable<ReadOnlyMemory<byte>> bodies) : IDetectInbox, IDisposable
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _bodies = bodies.GetEnumerator();

    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default)
    {
        List<QueuedMessage> messages = [];
        while (messages.Count < limit && _bodies.MoveNext())
        {
            messages.Add(new QueuedMessage("", _bodies.Current, 1));
        }

        return Task.FromResult<IReadOnlyList<QueuedMessage>>(messages);
    }

    public Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void Dispose() => _bodies.Dispose();
}
