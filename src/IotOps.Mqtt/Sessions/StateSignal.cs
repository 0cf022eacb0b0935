namespace IotOps.Mqtt.Sessions;

/// <summary>The state of a connection, and whoever waits for another one.</summary>
internal sealed class StateSignal
{
    private readonly Lock _lock = new();
    private MqttConnectionState _state = MqttConnectionState.Initial;
    private TaskCompletionSource _changed = NewSignal();

    public MqttConnectionState State
    {
        get { lock (_lock) { return _state; } }
    }

    public void Set(MqttConnectionState state)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_state.Status == MqttConnectionStatus.Closed)
            {
                return;
            }

            _state = state;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.TrySetResult();
    }

    public async ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_state != seen)
                {
                    return _state;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
