using IotOps.Shared;

namespace IotOps.Mqtt.Sessions;

/// <summary>The state of a connection, and whoever waits for another one.</summary>
/// <param name="time">The clock of how long there has been no connection.</param>
internal sealed class StateSignal(TimeProvider time)
{
    private readonly Lock _lock = new();
    private MqttConnectionState _state = MqttConnectionState.Initial;
    private readonly Outcomes _outcomes = new(time);
    private TaskCompletionSource _changed = NewSignal();

    public MqttConnectionState State
    {
        get { lock (_lock) { return _state; } }
    }

    /// <summary>What waits is a connection.</summary>
    public Health Health
    {
        get
        {
            MqttConnectionState state = State;
            Health health = _outcomes.ToHealth() with { HasEnded = state.Status == MqttConnectionStatus.Closed };
            return state.Status == MqttConnectionStatus.Connected ? health with { LastSuccess = time.GetUtcNow() } : health;
        }
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

            Note(_state, state);
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

    private void Note(MqttConnectionState before, MqttConnectionState now)
    {
        if (now.Error is { } error && !ReferenceEquals(error, before.Error))
        {
            _outcomes.Failed(error.Message);
        }

        if (now.Status == MqttConnectionStatus.Connected || before.Status == MqttConnectionStatus.Connected)
        {
            _outcomes.Succeeded();
        }

        if (now.Status != MqttConnectionStatus.Connected)
        {
            _outcomes.Waits();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
