namespace IotOps.Emulator.Logs;

/// <summary>The sessions of StartLiveTail that are open. Thread-safe.</summary>
internal sealed class LiveTails : IDisposable
{
    private const int MaxSessions = 15;

    private readonly Lock _lock = new();
    private readonly List<LiveTailSession> _sessions = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Fires when the emulator ends.</summary>
    public CancellationToken Stopped => _stop.Token;

    public bool IsEmpty
    {
        get { lock (_lock) { return _sessions.Count == 0; } }
    }

    /// <summary>Lets a session have what is accepted from now on.</summary>
    /// <returns>False when there are as many as there may be.</returns>
    public bool TryAdd(LiveTailSession session)
    {
        lock (_lock)
        {
            bool isRoom = _sessions.Count < MaxSessions;
            if (isRoom)
            {
                _sessions.Add(session);
            }

            return isRoom;
        }
    }

    public void Remove(LiveTailSession session)
    {
        lock (_lock) { _sessions.Remove(session); }
    }

    public void Offer(LogGroup group, LogStream stream, LogBatch batch)
    {
        LiveTailSession[] sessions;
        lock (_lock) { sessions = [.. _sessions]; }
        foreach (LiveTailSession session in sessions)
        {
            session.Offer(group, stream, batch);
        }
    }

    public void Dispose() => _stop.Cancel();
}
