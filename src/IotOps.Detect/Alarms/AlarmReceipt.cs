namespace IotOps.Detect.Alarms;

/// <summary>Completes when every lane has done with an alarm: true when each sink took it.</summary>
/// <param name="lanes">How many lanes there are.</param>
/// <param name="onDone">Called before it completes, so that who waits for it may deliver again at once.</param>
internal sealed class AlarmReceipt(int lanes, Action onDone)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = lanes;
    private int _refused;

    public Task<bool> Done => _done.Task;

    public void Taken()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            onDone();
            _done.TrySetResult(Volatile.Read(ref _refused) == 0);
        }
    }

    /// <summary>A lane has no room for it: it is to be delivered again.</summary>
    public void Refused()
    {
        Volatile.Write(ref _refused, 1);
        Taken();
    }

    /// <summary>The dispatcher ends before all sinks took it.</summary>
    public void Abandon() => _done.TrySetCanceled();
}
