namespace IotOps.Logs.Lanes;

/// <summary>Someone who waits until nothing is left to do for a while.</summary>
internal sealed class IdleWaiter(TimeSpan quiet)
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For how long.</summary>
    public TimeSpan Quiet => quiet;

    /// <summary>The files were looked at once more at the end of that time.</summary>
    public bool Looked { get; set; }

    /// <summary>Completes when it is so.</summary>
    public Task Task => _idle.Task;

    /// <summary>Says that it is so.</summary>
    public void Complete() => _idle.TrySetResult();

    /// <summary>Says that it will not come to be.</summary>
    public void Fail(Exception reason) => _idle.TrySetException(reason);
}
