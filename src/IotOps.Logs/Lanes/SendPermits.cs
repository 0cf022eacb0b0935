namespace IotOps.Logs.Lanes;

/// <summary>How many requests may be under way at once, over all lanes. Safe for concurrent use.</summary>
internal sealed class SendPermits(int count)
{
    private int _free = count;

    /// <summary>Takes a permit when one is free.</summary>
    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _free);
        return false;
    }

    /// <summary>Gives a permit back.</summary>
    public void Return() => Interlocked.Increment(ref _free);
}
