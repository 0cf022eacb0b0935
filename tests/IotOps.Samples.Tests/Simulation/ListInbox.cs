using IotOps.Detect;

namespace IotOps.Samples.Tests.Simulation;

/// <summary>Messages in memory, as they were put.</summary>
internal sealed class ListInbox : IDetectInbox
{
    private readonly List<QueuedMessage> _messages = [];

    public void Put(byte[] body) => _messages.Add(new QueuedMessage("", body, 1));

    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default)
    {
        int count = Math.Min(limit, _messages.Count);
        IReadOnlyList<QueuedMessage> taken = [.. _messages.Take(count)];
        _messages.RemoveRange(0, count);
        return Task.FromResult(taken);
    }

    public Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
