namespace IotOps.Mqtt.Publishing;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE under way; ends with a reason for each of its filters.</summary>
internal sealed class ControlReply : PendingReply
{
    private readonly TaskCompletionSource<byte[]> _reasons = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<byte[]> Reasons => _reasons.Task;

    public void Complete(byte[] reasons) => _reasons.TrySetResult(reasons);

    // Cancelled rather than failed: nobody has to look at it then.
    public void Abandon() => _reasons.TrySetCanceled();
}
