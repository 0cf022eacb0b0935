namespace IotOps.Detect.Tests.Working;

/// <summary>An inbox whose caller can be killed between any two calls.</summary>
internal sealed class KillableInbox(IDetectInbox inbox, KillPoint point) : IDetectInbox
{
    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default) =>
        point.RunAsync(() => inbox.ReceiveAsync(limit, cancellationToken));

    public Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default) => point.RunAsync(async () =>
    {
        await inbox.DeleteAsync(messages, cancellationToken);
        return true;
    });
}
