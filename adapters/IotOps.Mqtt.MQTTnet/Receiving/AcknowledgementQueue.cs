using MQTTnet;

namespace IotOps.Mqtt.Receiving;

/// <summary>
/// QoS 1 messages of one connection that are not dealt with yet. They are acknowledged in the order in which they came (OASIS MQTT 5.0,
/// 4.6), so one that is done waits for those before it. What is done after the connection ended is not acknowledged: the broker sends it again.
/// </summary>
/// <param name="maximum">How many there may be.</param>
/// <param name="acknowledge">Sends one acknowledgement; it never fails.</param>
internal sealed class AcknowledgementQueue(int maximum, Func<MqttApplicationMessageReceivedEventArgs, Task> acknowledge)
{
    private readonly object _lock = new();
    private readonly Queue<(Delivery Delivery, MqttApplicationMessageReceivedEventArgs Received)> _deliveries = new();
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private bool _closed;

    /// <summary>False when the broker sent more than it may.</summary>
    public bool TryAdd(Delivery delivery, MqttApplicationMessageReceivedEventArgs received)
    {
        lock (_lock)
        {
            if (_deliveries.Count >= maximum)
            {
                return false;
            }

            _deliveries.Enqueue((delivery, received));
            return true;
        }
    }

    public void Complete(Delivery delivery)
    {
        lock (_lock)
        {
            delivery.Done = true;
            if (!_isSending && !_closed)
            {
                _isSending = true;
                _sending = SendAsync();
            }
        }
    }

    /// <summary>Nothing more is acknowledged; ends when nothing is being sent.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return _sending;
        }
    }

    private async Task SendAsync()
    {
        // Off the thread that disposed a message, which holds the lock.
        await Task.Yield();
        while (NextDone() is { } received)
        {
            await acknowledge(received).ConfigureAwait(false);
        }
    }

    private MqttApplicationMessageReceivedEventArgs? NextDone()
    {
        lock (_lock)
        {
            if (!_closed && _deliveries.TryPeek(out var first) && first.Delivery.Done)
            {
                return _deliveries.Dequeue().Received;
            }

            _isSending = false;
            return null;
        }
    }
}
