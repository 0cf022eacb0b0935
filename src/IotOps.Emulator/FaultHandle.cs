namespace IotOps.Emulator;

/// <summary>A fault in force. Disposing takes it away. Thread-safe.</summary>
public sealed class FaultHandle : IDisposable
{
    private readonly FaultInjector _owner;
    private readonly Lock _lock = new();
    private int _seen;
    private int _hits;

    internal FaultHandle(FaultInjector owner, Fault fault)
    {
        _owner = owner;
        Fault = fault;
    }

    /// <summary>What happens.</summary>
    public Fault Fault { get; }

    /// <summary>How many requests it has hit.</summary>
    public int Hits
    {
        get { lock (_lock) { return _hits; } }
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Remove(this);

    internal bool Takes(FaultRequest request)
    {
        if ((Fault.Operation != "*" && Fault.Operation != request.Operation) || Fault.When?.Invoke(request) == false)
        {
            return false;
        }

        lock (_lock)
        {
            if (_hits >= Fault.Times || ++_seen % Fault.Every != 0)
            {
                return false;
            }

            _hits++;
            return true;
        }
    }
}
