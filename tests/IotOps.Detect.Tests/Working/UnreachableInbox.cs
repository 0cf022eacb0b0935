namespace IotOps.Detect.Tests.Working;

internal sealed class UnreachableInbox : IDetectInbox
{
    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default) => throw new IOException("no way");

    public Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default) => throw new IOException("no way");
}
