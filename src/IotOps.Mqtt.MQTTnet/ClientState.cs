using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>The connection's state as the client's events tell it, and whoever waits for another one.</summary>
/// <remarks>
/// Events come late and out of order: MQTTnet raises Disconnected on a thread of its own, so that it may follow the next connection's Connected,
/// or come before its own one. The client's IsConnected is up to date, and is read under the lock with each change.
/// </remarks>
internal sealed class ClientState(IMqttClient client)
{
    private readonly Lock _lock = new();
    private MqttConnectionState _state = MqttConnectionState.Initial;
    private TaskCompletionSource _changed = NewSignal();

    public MqttConnectionState Current
    {
        get { lock (_lock) { return _state; } }
    }

    public void Connecting()
    {
        lock (_lock) { Set(_state with { Status = MqttConnectionStatus.Connecting }); }
    }

    /// <summary>The broker accepted; returns the number of the connection, which is not ready before <see cref="Connected"/>.</summary>
    public long Accepted(bool sessionPresent)
    {
        lock (_lock)
        {
            Set(new MqttConnectionState(MqttConnectionStatus.Connecting, _state.Connections + 1, sessionPresent, _state.Error));
            return _state.Connections;
        }
    }

    /// <summary>The subscriptions are back.</summary>
    public void Connected(long connection)
    {
        lock (_lock)
        {
            if (_state.Connections == connection)
            {
                Set(_state with { Status = client.IsConnected ? MqttConnectionStatus.Connected : MqttConnectionStatus.Disconnected });
            }
        }
    }

    public void Disconnected(MqttException error)
    {
        lock (_lock)
        {
            Set(_state with { Status = client.IsConnected ? _state.Status : MqttConnectionStatus.Disconnected, Error = error });
        }
    }

    /// <summary>For good.</summary>
    public void Close()
    {
        lock (_lock) { Set(_state with { Status = MqttConnectionStatus.Closed }); }
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

    // Runs with the lock held; waiters continue elsewhere.
    private void Set(MqttConnectionState state)
    {
        if (_state.Status != MqttConnectionStatus.Closed)
        {
            _state = state;
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }
}
