using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>What the broker remembers of a client, connected or not. Guarded by the broker's lock.</summary>
internal sealed class Session(Broker broker, string clientId)
{
    private readonly Queue<Delivery> _waiting = new();
    private readonly List<InFlight> _inFlight = [];

    // Messages for this client alone: they end with its connection, and are not sent again.
    private readonly Dictionary<ushort, TaskCompletionSource<DirectOutcome>> _direct = [];
    private ushort _lastPacketId;

    public string ClientId { get; } = clientId;

    /// <summary>As lifecycle events name it; new with each session, not with each connection.</summary>
    public string Identifier { get; } = Guid.NewGuid().ToString();

    /// <summary>Null while the client is away.</summary>
    public IClient? Client { get; private set; }

    public Dictionary<string, SubscriptionRequest> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>How long it outlives its client.</summary>
    public TimeSpan Expiry { get; set; }

    /// <summary>Published when the connection ends without a DISCONNECT.</summary>
    public PublishPacket? Will { get; set; }

    /// <summary>Ends the session, or publishes its will; null while the client is connected.</summary>
    public ITimer? ExpiryTimer { get; set; }

    public ITimer? WillTimer { get; set; }

    /// <summary>When the connection began.</summary>
    public DateTimeOffset ConnectedAt { get; set; }

    /// <summary>Why the connection ends; null while nobody ends it.</summary>
    public string? EndReason { get; set; }

    public int Unacknowledged => _inFlight.Count + _direct.Count;

    public int Waiting => _waiting.Count;

    /// <summary>Gives the session its connection, and what it missed: first what was under way, with its packet ids.</summary>
    public void Resume(IClient client)
    {
        Client = client;
        foreach (InFlight flight in _inFlight.ToArray())
        {
            Send(client, flight.Delivery, flight.PacketId, duplicate: true);
        }

        Pump();
    }

    public void Leave()
    {
        Client = null;
        foreach (TaskCompletionSource<DirectOutcome> outcome in _direct.Values)
        {
            outcome.TrySetResult(DirectOutcome.Gone);
        }

        _direct.Clear();
    }

    /// <summary>Sends a message past every subscription and queue, to the connection that is there now.</summary>
    /// <returns>What becomes of it; of QoS 0 at once, of QoS 1 when the client acknowledges it or leaves.</returns>
    public Task<DirectOutcome> SendDirectAsync(IClient client, Delivery delivery)
    {
        if (delivery.QoS == 0)
        {
            Send(client, delivery, packetId: 0, duplicate: false);
            return Task.FromResult(DirectOutcome.Delivered);
        }

        if (Unacknowledged >= client.SendWindow)
        {
            return Task.FromResult(DirectOutcome.WindowIsFull);
        }

        ushort packetId = NextPacketId();
        var outcome = new TaskCompletionSource<DirectOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _direct[packetId] = outcome;
        Send(client, delivery, packetId, duplicate: false);
        return outcome.Task;
    }

    public void Offer(Delivery delivery)
    {
        if (delivery.QoS == 0)
        {
            if (Client is { } client)
            {
                Send(client, delivery, packetId: 0, duplicate: false);
            }
        }
        else if (_waiting.Count >= broker.Options.MaxQueuedMessages)
        {
            broker.CountDropped();
        }
        else
        {
            _waiting.Enqueue(delivery);
            Pump();
        }
    }

    /// <returns>False when nothing with that id is under way.</returns>
    public bool Acknowledge(ushort packetId, ReasonCode reason)
    {
        if (_direct.Remove(packetId, out TaskCompletionSource<DirectOutcome>? direct))
        {
            direct.TrySetResult(reason < ReasonCode.UnspecifiedError ? DirectOutcome.Delivered : DirectOutcome.Refused((byte)reason));
            Pump();
            return true;
        }

        int index = _inFlight.FindIndex(f => f.PacketId == packetId);
        if (index < 0)
        {
            return false;
        }

        _inFlight.RemoveAt(index);
        Pump();
        return true;
    }

    private void Pump()
    {
        while (Client is { } client && Unacknowledged < client.SendWindow && _waiting.TryDequeue(out Delivery? next))
        {
            Start(client, next);
        }
    }

    private void Start(IClient client, Delivery delivery)
    {
        ushort packetId = NextPacketId();
        _inFlight.Add(new InFlight(packetId, delivery));
        Send(client, delivery, packetId, duplicate: false);
    }

    private void Send(IClient client, Delivery delivery, ushort packetId, bool duplicate)
    {
        if (delivery.Message.IsExpired(broker.TimeProvider))
        {
            Forget(packetId);
            return;
        }

        Fault? fault = broker.TakeFault("MqttDeliver", ClientId, delivery.Message.Topic);
        if (fault is { Delay.Ticks: > 0 })
        {
            broker.After(fault.Delay, () => Carry(fault, client, delivery, packetId, duplicate));
        }
        else
        {
            Carry(fault, client, delivery, packetId, duplicate);
        }
    }

    private void Carry(Fault? fault, IClient client, Delivery delivery, ushort packetId, bool duplicate)
    {
        if (Client != client)
        {
            return;
        }

        if (fault is { DropBeforeAccepting: true })
        {
            client.Abort();
            return;
        }

        // Lost on the way: QoS 1 stays under way, and comes again with the next client.
        if (fault is { Lose: true })
        {
            return;
        }

        Write(client, delivery, packetId, duplicate);
        if (fault is { DropAfterAccepting: true })
        {
            client.Close(reason: null);
        }
        else if (fault is { Twice: true })
        {
            // As AWS IoT Core may: the same message under another packet id, and no DUP.
            ushort again = packetId == 0 ? (ushort)0 : NextPacketId();
            if (again > 0)
            {
                _inFlight.Add(new InFlight(again, delivery));
            }

            Write(client, delivery, again, duplicate: false);
        }
    }

    private void Write(IClient client, Delivery delivery, ushort packetId, bool duplicate)
    {
        var packet = new PublishPacket(delivery.Message.Topic, delivery.Message.Payload)
        {
            QoS = delivery.QoS,
            Retain = delivery.Retain,
            Duplicate = duplicate,
            PacketId = packetId,
            Properties = delivery.Message.PropertiesNow(broker.TimeProvider),
        };
        if (!client.TryDeliver(packet))
        {
            broker.CountDropped();
            Forget(packetId);
        }
    }

    private void Forget(ushort packetId)
    {
        if (packetId > 0)
        {
            _inFlight.RemoveAll(f => f.PacketId == packetId);
            if (_direct.Remove(packetId, out TaskCompletionSource<DirectOutcome>? direct))
            {
                direct.TrySetResult(DirectOutcome.NotTaken);
            }
        }
    }

    private ushort NextPacketId()
    {
        do
        {
            _lastPacketId = _lastPacketId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastPacketId + 1);
        }
        while (_inFlight.Exists(f => f.PacketId == _lastPacketId) || _direct.ContainsKey(_lastPacketId));

        return _lastPacketId;
    }
}
