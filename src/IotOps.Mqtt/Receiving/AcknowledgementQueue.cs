using IotOps.Mqtt.Publishing;

namespace IotOps.Mqtt.Receiving;

/// <summary>
/// QoS 1 messages of one connection that are not dealt with yet. They are acknowledged in the order in which they came (OASIS MQTT 5.0,
/// 4.6), so one that is done waits for those before it. What is done after the connection ended is not acknowledged: the broker sends it again.
/// </summary>
internal sealed class AcknowledgementQueue(PacketSender sender, Lock gate, int maximum)
{
    private readonly Queue<Delivery> _deliveries = new();
    private bool _closed;

    /// <summary>False when the broker sent more than it may.</summary>
    public bool TryAdd(Delivery delivery)
    {
        lock (gate)
        {
            if (_deliveries.Count >= maximum)
            {
                return false;
            }

            _deliveries.Enqueue(delivery);
            return true;
        }
    }

    public void Complete(Delivery delivery)
    {
        bool write = false;
        lock (gate)
        {
            delivery.Done = true;
            if (_closed)
            {
                return;
            }

            while (_deliveries.TryPeek(out Delivery? first) && first.Done)
            {
                _deliveries.Dequeue();
                if (first.Reason is { } reason)
                {
                    sender.AppendPubAck(first.PacketId, reason);
                }
            }

            write = sender.TryClaim();
        }

        if (write)
        {
            sender.Schedule();
        }
    }

    public void Close()
    {
        lock (gate)
        {
            _closed = true;
            _deliveries.Clear();
        }
    }
}
