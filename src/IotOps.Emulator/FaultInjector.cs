namespace IotOps.Emulator;

/// <summary>The faults in force. When several fit a request, the oldest of them hits it. Thread-safe.</summary>
public sealed class FaultInjector
{
    private volatile FaultHandle[] _faults = [];
    private readonly Lock _lock = new();

    internal FaultInjector()
    {
    }

    /// <summary>Puts a fault in force until its handle is disposed.</summary>
    /// <exception cref="ArgumentException"><see cref="Fault.Every"/> is below 1, or <see cref="Fault.Status"/> or <see cref="Fault.ReasonCode"/> is no error.</exception>
    public FaultHandle Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Every < 1)
        {
            throw new ArgumentException($"A fault's Every is 1 or more, not {fault.Every}.", nameof(fault));
        }

        if (fault.Status is not (null or 200 or (>= 300 and <= 599)))
        {
            throw new ArgumentException("A fault's Status is 300 to 599, or 200 for an error inside of a good answer; to cut a good answer short set TruncateBodyAt.", nameof(fault));
        }

        if (fault.ReasonCode < 0x80)
        {
            throw new ArgumentException($"A fault's ReasonCode is 0x80 or above, not 0x{fault.ReasonCode:X2}.", nameof(fault));
        }

        var handle = new FaultHandle(this, fault);
        lock (_lock) { _faults = [.. _faults, handle]; }
        return handle;
    }

    /// <summary>Takes every fault away.</summary>
    public void Clear()
    {
        lock (_lock) { _faults = []; }
    }

    internal bool IsEmpty => _faults.Length == 0;

    internal void Remove(FaultHandle handle)
    {
        lock (_lock) { _faults = [.. _faults.Where(f => f != handle)]; }
    }

    internal Fault? Take(FaultRequest request)
    {
        foreach (FaultHandle handle in _faults)
        {
            if (handle.Takes(request))
            {
                return handle.Fault;
            }
        }

        return null;
    }
}
