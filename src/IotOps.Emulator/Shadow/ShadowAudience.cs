namespace IotOps.Emulator.Shadow;

/// <summary>Every broker on which the service speaks. Thread-safe.</summary>
internal sealed class ShadowAudience
{
    private readonly Lock _lock = new();
    private volatile ShadowResponder[] _responders = [];

    public void Add(ShadowResponder responder)
    {
        lock (_lock) { _responders = [.. _responders, responder]; }
    }

    public void Remove(ShadowResponder responder)
    {
        lock (_lock) { _responders = [.. _responders.Where(r => r != responder)]; }
    }

    /// <summary>Tells of a request that came from no broker.</summary>
    public void Tell(ShadowTopic request, ShadowAnswer answer)
    {
        foreach (ShadowResponder responder in _responders)
        {
            responder.Tell(request, answer, fault: null);
        }
    }
}
