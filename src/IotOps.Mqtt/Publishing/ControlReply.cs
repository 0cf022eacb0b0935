namespace IotOps.Mqtt.Publishing;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE under way; ends with a reason for each of its filters.</summary>
/// <param name="isSubscribe">False for an UNSUBSCRIBE.</param>
/// <param name="filters">What it is about.</param>
/// <param name="encode">Makes the packet for an id.</param>
internal sealed class ControlReply(bool isSubscribe, IReadOnlyList<string> filters, Func<ushort, byte[]> encode) : PendingReply
{
    private readonly TaskCompletionSource<byte[]> _reasons = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSubscribe => isSubscribe;

    public IReadOnlyList<string> Filters => filters;

    public Task<byte[]> Reasons => _reasons.Task;

    public byte[] Encode() => encode(PacketId);

    public void Complete(byte[] reasons) => _reasons.TrySetResult(reasons);

    // Cancelled rather than failed: nobody has to look at it then.
    public void Abandon() => _reasons.TrySetCanceled();
}
