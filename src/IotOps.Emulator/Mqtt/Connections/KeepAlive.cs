namespace IotOps.Emulator.Mqtt.Connections;

/// <summary>Ends a connection on which nothing was heard for one and a half keep-alives. Thread-safe.</summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _patience;
    private readonly Action _onSilence;
    private readonly ITimer _timer;
    private long _lastHeard;

    public KeepAlive(TimeSpan interval, TimeProvider timeProvider, Action onSilence)
    {
        _timeProvider = timeProvider;
        _patience = interval * 1.5;
        _onSilence = onSilence;
        _lastHeard = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(_ => Look(), state: null, _patience, Timeout.InfiniteTimeSpan);
    }

    public void Heard() => Volatile.Write(ref _lastHeard, _timeProvider.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        TimeSpan silence = _timeProvider.GetElapsedTime(Volatile.Read(ref _lastHeard));
        if (silence >= _patience)
        {
            _onSilence();
        }
        else
        {
            _timer.Change(_patience - silence, Timeout.InfiniteTimeSpan);
        }
    }
}
