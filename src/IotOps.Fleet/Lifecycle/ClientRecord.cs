namespace IotOps.Fleet.Lifecycle;

/// <summary>
/// The order of one client's events: by version, and within a version connected before disconnected. Sessions only tell an event of before a
/// reset from one after it.
/// </summary>
internal sealed class ClientRecord(string clientId)
{
    // The guide says "approximately one hour"; the clocks of two events may differ by minutes.
    private static readonly TimeSpan ResetAfter = TimeSpan.FromMinutes(50);

    private readonly RecentSessions _sessions = new();
    private readonly RecentSessions _before = new();
    private string? _session;
    private string? _reason;
    private long _version = -1;
    private DateTimeOffset _time;
    private bool _isKnown;

    public bool IsConnected { get; private set; }

    /// <summary>When it is to be reported, in ticks of UTC; 0 for not at all.</summary>
    public long Due { get; set; }

    /// <summary>Whether it is among those that are looked at when they are due: once, however often it disconnects.</summary>
    public bool IsWaiting { get; set; }

    public ClientConnection Connection => new(clientId, IsConnected, _time, _version, _session, IsConnected ? null : _reason);

    public ConnectionUpdate Apply(LifecycleEvent one)
    {
        long version = one.Version!.Value;
        bool isConnect = one.Kind == LifecycleEventKind.Connected;
        if (_before.Contains(one.Session) && !_sessions.Contains(one.Session))
        {
            return ConnectionUpdate.Late;
        }

        bool isReset = false;
        if (_isKnown)
        {
            if (version == _version && isConnect == IsConnected)
            {
                return ConnectionUpdate.Duplicate;
            }

            isReset = version < _version && isConnect && !IsConnected && !_sessions.Contains(one.Session) && one.Time - _time >= ResetAfter;
            if (!isReset && (version < _version || (version == _version && isConnect)))
            {
                _sessions.Add(one.Session);
                return ConnectionUpdate.Late;
            }
        }

        if (isReset)
        {
            _before.TakeAll(_sessions);
        }

        _sessions.Add(one.Session);
        (_isKnown, _version, _session, _time, IsConnected, _reason) = (true, version, one.Session, one.Time, isConnect, one.DisconnectReason);
        return isReset ? ConnectionUpdate.Reset : ConnectionUpdate.Applied;
    }

    /// <summary>Somebody looked: the client is connected, though its event did not come.</summary>
    public void Looked(DateTimeOffset now) => (IsConnected, _time, Due) = (true, now, 0);
}
