using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Publications on their way: which may be sent now, which packet id they have, and what is not acknowledged yet, in the order sent. It
/// outlives connections. The caller locks.
/// </summary>
internal sealed class SendWindow : IDisposable
{
    public const int MostControlReplies = 64;
    private static readonly TimeSpan TimerResolution = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly MqttCounters _counters;
    private readonly PublishPacer? _pacer;
    private readonly ITimer? _paceTimer;
    private readonly OperationList _unacknowledged = new();
    private readonly int _ownWindow;

    private ConnAckPacket? _terms;
    private PublishOperation? _resend;
    private int _window;
    private int _onConnection;
    private int _controls;
    private long _connection;

    /// <param name="options">Window and rates.</param>
    /// <param name="counters">What is sent is counted.</param>
    /// <param name="retry">Called when the rate allows more, without the lock.</param>
    public SendWindow(MqttConnectionOptions options, MqttCounters counters, Action retry)
    {
        _time = options.TimeProvider;
        _counters = counters;
        _pacer = PublishPacer.Create(options.Limits, _time);
        _paceTimer = _pacer is null ? null : _time.CreateTimer(static state => ((Action)state!)(), retry, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ownWindow = Math.Min(options.MaxInFlight, options.Limits.UnacknowledgedPublishes);
        Ids = new PacketIds(_ownWindow + MostControlReplies);
    }

    public PacketIds Ids { get; }

    public Confirmations Confirmations { get; } = new();

    /// <summary>The connection's own; null while there is none.</summary>
    public PacketSender? Sender { get; private set; }

    /// <summary>Sent and not acknowledged.</summary>
    public int Count => _unacknowledged.Count;

    /// <summary>Something is still to be sent again, before anything else.</summary>
    public bool HasBacklog => _resend is not null;

    /// <summary>Whether the publication sent last is the only one on its way.</summary>
    public bool HasOne => _onConnection == 1;

    /// <summary>Whether this connection owes no answer.</summary>
    public bool IsIdle => _onConnection == 0 && _controls == 0;

    public bool Holds(PublishOperation operation) => operation.List == _unacknowledged;

    /// <summary>Whether the broker of this connection may have it.</summary>
    public bool IsUnderWay(PublishOperation operation) => Sender is not null && operation.Connection == _connection;

    /// <summary>A connection begins; with its session, what was sent before is to be sent again.</summary>
    public void Begin(PacketSender sender, ConnAckPacket terms)
    {
        Sender = sender;
        _terms = terms;
        _connection++;
        _onConnection = 0;
        _controls = 0;
        _window = Math.Min(_ownWindow, terms.ReceiveMaximum);
        _resend = _unacknowledged.First;
        Confirmations.Clear();

        // Their time for an answer begins when they have been sent again.
        for (PublishOperation? operation = _resend; operation is not null; operation = operation.Next)
        {
            operation.SentAt = PendingReply.NotSent;
        }
    }

    /// <summary>The connection ended; what nobody waits for is forgotten with it.</summary>
    public void End()
    {
        Sender = null;
        _terms = null;
        _resend = null;
        for (PublishOperation? operation = _unacknowledged.First; operation is not null;)
        {
            PublishOperation? next = operation.Next;
            if (operation.IsOrphan)
            {
                Forget(operation);
            }

            operation = next;
        }
    }

    /// <summary>What was sent on this connection and is not acknowledged, in order.</summary>
    public List<PublishOperation> UnderWay()
    {
        List<PublishOperation> underWay = [];
        for (PublishOperation? operation = _unacknowledged.First; operation is not null; operation = operation.Next)
        {
            if (operation.Connection == _connection)
            {
                underWay.Add(operation);
            }
        }

        return underWay;
    }

    /// <summary>Moves the suspects out of the row in which it is sent again; they keep their ids.</summary>
    public void TakeSuspects(OperationList suspects)
    {
        for (PublishOperation? operation = _unacknowledged.First; operation is not null;)
        {
            PublishOperation? next = operation.Next;
            if (operation.IsSuspect)
            {
                _unacknowledged.Remove(operation);
                operation.SentAt = PendingReply.NotSent;
                suspects.AddLast(operation);
            }

            operation = next;
        }
    }

    /// <summary>Takes out the one sent last, with its id free again; null when there is none.</summary>
    public PublishOperation? TakeLast()
    {
        PublishOperation? operation = _unacknowledged.Last;
        if (operation is not null)
        {
            Forget(operation);
        }

        return operation;
    }

    /// <summary>Takes one out of the list it is in, with its id free again.</summary>
    public void Forget(PublishOperation operation)
    {
        _resend = _resend == operation ? operation.Next : _resend;
        operation.List!.Remove(operation);
        FreeId(operation);
    }

    /// <summary>The broker knows nothing of it any more.</summary>
    public void FreeId(PublishOperation operation)
    {
        if (operation.PacketId != 0)
        {
            Ids.Remove(operation);
        }

        operation.PacketId = 0;
        operation.Sent = false;
    }

    /// <summary>Sends again what this connection has not seen, as far as it may now.</summary>
    public void Resend()
    {
        while (Sender is not null && _resend is { } operation && MaySend(operation))
        {
            _resend = operation.Next;
            Send(operation);
        }
    }

    /// <summary>Whether window, rate and the connection's buffer have room; books it with the rate.</summary>
    public bool MaySend(PublishOperation operation)
    {
        if (!Sender!.HasRoom || (operation.IsQoS1 && _onConnection >= _window) || (HasBacklog && operation != _resend))
        {
            return false;
        }

        if (_pacer is null || _pacer.TryTake(operation.PacketLength, out TimeSpan wait))
        {
            return true;
        }

        _paceTimer!.Change(wait > TimerResolution ? wait : TimerResolution, Timeout.InfiniteTimeSpan);
        return false;
    }

    public void Send(PublishOperation operation)
    {
        if (operation.IsQoS1)
        {
            operation.SentAt = _time.GetTimestamp();
            operation.Write = Sender!.NextWrite;
            operation.Connection = _connection;
            operation.Order = Confirmations.Sent();
            _onConnection++;
            if (operation.PacketId == 0)
            {
                Ids.Add(operation);
            }

            if (!Holds(operation))
            {
                _unacknowledged.AddLast(operation);
            }

            _counters.Resent += operation.Sent ? 1 : 0;
        }
        else
        {
            Confirmations.SentQos0(operation.Topic);
        }

        Sender!.Append(operation);
        operation.Sent = operation.IsQoS1;
        _counters.Published++;
    }

    /// <summary>Sends a packet that the broker answers by its id.</summary>
    public void Send(ControlReply reply)
    {
        Ids.Add(reply);
        reply.SentAt = _time.GetTimestamp();
        reply.Write = Sender!.NextWrite;
        reply.Order = Confirmations.Sent();
        _controls++;
        Sender.Append(reply.Encode());
    }

    /// <summary>Takes out the publication that an answer is for; null when none waits under this id.</summary>
    public PublishOperation? TakePublication(ushort packetId)
    {
        if (Ids.Find(packetId) is not PublishOperation operation)
        {
            return null;
        }

        if (operation.Connection == _connection)
        {
            _onConnection--;
            Confirmations.Answered(operation.Order);
        }

        _resend = _resend == operation ? operation.Next : _resend;
        Ids.Remove(operation);
        operation.List!.Remove(operation);
        return operation;
    }

    /// <summary>Takes out the SUBSCRIBE or UNSUBSCRIBE that an answer is for; null when none waits under this id.</summary>
    public ControlReply? TakeControl(ushort packetId)
    {
        if (Ids.Find(packetId) is not ControlReply reply)
        {
            return null;
        }

        _controls--;
        Confirmations.Answered(reply.Order);
        Ids.Remove(reply);
        return reply;
    }

    /// <summary>Another object goes on in the place and under the id of one that nobody waits for.</summary>
    public void Replace(PublishOperation operation, PublishOperation orphan)
    {
        Ids.Replace(operation, orphan);
        _unacknowledged.Replace(operation, orphan);
    }

    /// <summary>Why the broker of this connection would not take it; null when it would, or when there is no connection.</summary>
    public MqttException? Refusal(PublishOperation operation)
    {
        if (_terms is not { } terms)
        {
            return null;
        }

        (string what, MqttReasonCode reason)? refusal =
            operation.PacketLength > terms.MaxPacketBytes ? ($"it has {operation.PacketLength} bytes, and the broker takes {terms.MaxPacketBytes}", MqttReasonCode.PacketTooLarge)
            : operation.IsQoS1 && !terms.AcceptsQoS1 ? ("the broker offers QoS 0 only", MqttReasonCode.QoSNotSupported)
            : operation.Options is { Retain: true } && !terms.RetainAvailable ? ("the broker keeps no retained messages", MqttReasonCode.RetainNotSupported)
            : null;
        return refusal is null ? null : new MqttException($"The publication to '{operation.Topic}' was not sent: {refusal.Value.what}.") { Reason = refusal.Value.reason };
    }

    public void Dispose() => _paceTimer?.Dispose();
}
