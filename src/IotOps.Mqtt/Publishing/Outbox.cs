using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// All that has been published and is not accounted for; it outlives connections. One lock, <see cref="Gate"/>, guards it and the connection's
/// buffer, so that the order of the list, of the packet ids and of the wire is the same. Nothing waits with the lock held.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const int MostPooled = 1024;
    public const int MostControlReplies = 64;
    private static readonly TimeSpan TimerResolution = TimeSpan.FromMilliseconds(1);

    private readonly MqttConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly MqttCounters _counters;
    private readonly PublishCheck _check;
    private readonly PublishPacer? _pacer;
    private readonly ITimer? _paceTimer;
    private readonly PacketIds _ids;
    private readonly PublishQueue _queue;
    private readonly OperationList _unacknowledged = new();
    private readonly Stack<PublishOperation> _pool = new();
    private readonly int _ownWindow;

    private PacketSender? _sender;
    private ConnAckPacket? _terms;
    private PublishOperation? _resend;
    private bool _open;
    private int _window;
    private int _onConnection;
    private long _connection;
    private MqttException? _refusal;
    private MqttException? _lastError;
    private TaskCompletionSource? _empty;

    public Outbox(MqttConnectionOptions options, MqttCounters counters)
    {
        _options = options;
        _time = options.TimeProvider;
        _counters = counters;
        _check = new PublishCheck(options);
        _pacer = PublishPacer.Create(options.Limits, _time);
        _paceTimer = _pacer is null ? null : _time.CreateTimer(static state => ((Outbox)state!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ownWindow = Math.Min(options.MaxInFlight, options.Limits.UnacknowledgedPublishes);
        _ids = new PacketIds(_ownWindow + MostControlReplies);
        _queue = new PublishQueue(options.OfflinePolicy, options.QueueLimitBytes);
    }

    public object Gate { get; } = new();

    /// <summary>Publications that wait to be sent.</summary>
    public int Queued
    {
        get { lock (Gate) { return _queue.Count; } }
    }

    /// <summary>Publications sent and not acknowledged.</summary>
    public int InFlight
    {
        get { lock (Gate) { return _unacknowledged.Count; } }
    }

    /// <summary>See <see cref="IMqttConnection.PublishAsync"/>.</summary>
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        int bodyLength;
        try
        {
            bodyLength = _check.BodyLength(topic, payload.Length, qos, options);
        }
        catch (MqttException e)
        {
            return ValueTask.FromException(e);
        }

        PublishOperation operation;
        PublishOperation? superseded = null;
        PacketSender? toWrite = null;
        lock (Gate)
        {
            operation = _pool.TryPop(out PublishOperation? pooled) ? pooled : new PublishOperation(this);
            operation.Set(topic, payload, qos, options, bodyLength);
            MqttException? error = _refusal ?? (_terms is null ? null : Refusal(operation));
            if (error is null && _open && _queue.Count == 0 && CanSend(operation))
            {
                Send(operation);
                toWrite = _sender!.TryClaim() ? _sender : null;
            }
            else if ((error ??= _queue.TryAdd(operation, down: !_open, _lastError, out superseded)) is not null)
            {
                _counters.Rejected++;
                Recycle(operation);
                return ValueTask.FromException(error!);
            }
        }

        superseded?.Fail(PublishQueue.Superseded(superseded));
        Write(toWrite, qos);
        if (cancellationToken.CanBeCanceled)
        {
            operation.CancelWith(cancellationToken);
        }

        return operation.Task;
    }

    /// <summary>The broker accepted: what it may have already is sent again first, or put back when it lost the session.</summary>
    public void Attach(PacketSender sender, ConnAckPacket terms)
    {
        List<(PublishOperation, MqttException)> failed = [];
        lock (Gate)
        {
            _sender = sender;
            _terms = terms;
            _connection++;
            _onConnection = 0;
            _window = Math.Min(_ownWindow, terms.ReceiveMaximum);
            sender.Drained = Drain;
            if (terms.SessionPresent)
            {
                long now = _time.GetTimestamp();
                _resend = _unacknowledged.First;
                for (PublishOperation? operation = _resend; operation is not null; operation = operation.Next)
                {
                    operation.SentAt = now;
                }
            }
            else
            {
                PutBackUnacknowledged(failed);
            }

            Drain();
        }

        Fail(failed);
        Flush();
    }

    /// <summary>Subscriptions are back: what waits is sent.</summary>
    public void Open()
    {
        lock (Gate)
        {
            _open = _sender is not null;
            _queue.GoUp();
            Drain();
        }

        Flush();
    }

    /// <summary>The connection ended.</summary>
    public void Detach(MqttException error)
    {
        List<(PublishOperation, MqttException)> failed = [];
        List<PublishOperation> unwritten = [];
        List<ControlReply> replies;
        lock (Gate)
        {
            _sender?.Close(error, unwritten);
            _sender = null;
            _terms = null;
            _resend = null;
            _open = false;
            _lastError = error;
            replies = _ids.RemoveControlReplies();
            _queue.GoDown(error, failed);
            CheckEmpty();
        }

        foreach (PublishOperation operation in unwritten)
        {
            operation.Fail(new MqttException($"The publication to '{operation.Topic}' may not have been sent: {error.Message}", error) { IsTransient = true });
        }

        foreach (ControlReply reply in replies)
        {
            reply.Abandon();
        }

        Fail(failed);
    }

    /// <summary>An attempt to connect failed: publications that may not wait say why.</summary>
    public void SetLastError(MqttException error)
    {
        lock (Gate) { _lastError = error; }
    }

    /// <summary>From now on nothing is taken.</summary>
    public void Refuse(MqttException refusal)
    {
        lock (Gate) { _refusal ??= refusal; }
    }

    /// <summary>Ends when all is accounted for.</summary>
    public Task WhenEmpty()
    {
        lock (Gate)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CheckEmpty();
            return _empty.Task;
        }
    }

    /// <summary>Fails all that is left.</summary>
    public void FailAll(MqttException error)
    {
        List<(PublishOperation, MqttException)> failed = [];
        lock (Gate)
        {
            _refusal ??= error;
            while (_unacknowledged.First is { } operation)
            {
                _unacknowledged.Remove(operation);
                _ids.Remove(operation);
                failed.Add((operation, error));
            }

            while (_queue.First is { } operation)
            {
                _queue.Remove(operation);
                failed.Add((operation, error));
            }
        }

        Fail(failed);
    }

    /// <summary>A PUBACK. What it makes room for is encoded, and written by the next <see cref="Flush"/>.</summary>
    /// <returns>False when nothing waits under this id.</returns>
    public bool Acknowledge(ushort packetId, MqttReasonCode reason, string? text)
    {
        PublishOperation operation;
        lock (Gate)
        {
            if (_ids.Find(packetId) is not PublishOperation found)
            {
                return false;
            }

            operation = found;
            if (operation.Connection == _connection)
            {
                _onConnection--;
            }
            else if (operation == _resend)
            {
                _resend = operation.Next;
            }

            _ids.Remove(operation);
            _unacknowledged.Remove(operation);
            _counters.Acknowledged++;
            Drain();
            CheckEmpty();
        }

        if ((byte)reason < 0x80)
        {
            operation.Complete();
        }
        else
        {
            operation.Fail(Refused(operation.Topic, reason, text));
        }

        return true;
    }

    /// <summary>A SUBACK or UNSUBACK; null when none waits under this id.</summary>
    public ControlReply? TakeReply(ushort packetId)
    {
        lock (Gate)
        {
            if (_ids.Find(packetId) is not ControlReply reply)
            {
                return null;
            }

            _ids.Remove(reply);
            return reply;
        }
    }

    /// <summary>Sends a packet that the broker answers by its id; false when that connection is gone. At most <see cref="MostControlReplies"/> at a time.</summary>
    public bool TrySend(PacketSender sender, ControlReply reply, Func<ushort, byte[]> encode)
    {
        lock (Gate)
        {
            if (_sender != sender)
            {
                return false;
            }

            _ids.Add(reply);
            reply.SentAt = _time.GetTimestamp();
            sender.Append(encode(reply.PacketId));
        }

        Flush();
        return true;
    }

    /// <summary>When the packet that waits longest for its answer was sent; null when none waits.</summary>
    public long? OldestSentAt()
    {
        lock (Gate) { return _ids.OldestSentAt(); }
    }

    /// <summary>Has somebody write what is encoded.</summary>
    public void Flush()
    {
        PacketSender? toWrite;
        lock (Gate)
        {
            toWrite = _sender?.TryClaim() == true ? _sender : null;
        }

        toWrite?.Schedule();
    }

    /// <summary>Nobody waits for this one any more. What the broker may have keeps its id, with a payload of its own.</summary>
    public void Cancel(PublishOperation operation, CancellationToken token)
    {
        lock (Gate)
        {
            if (operation.List is not { } list)
            {
                return;
            }

            if (_queue.Holds(operation))
            {
                _queue.Remove(operation);
                CheckEmpty();
            }
            else if (list == _unacknowledged)
            {
                var orphan = new PublishOperation(this);
                orphan.TakeOver(operation);
                _ids.Replace(operation, orphan);
                list.Replace(operation, orphan);
                _resend = _resend == operation ? orphan : _resend;
            }
            else
            {
                list.Remove(operation);
            }
        }

        operation.Fail(new OperationCanceledException(token));
    }

    /// <summary>Takes back one that has been awaited.</summary>
    public void Return(PublishOperation operation)
    {
        lock (Gate) { Recycle(operation); }
    }

    public void Dispose() => _paceTimer?.Dispose();

    private static void Fail(List<(PublishOperation Operation, MqttException Error)> failed)
    {
        foreach ((PublishOperation operation, MqttException error) in failed)
        {
            operation.Fail(error);
        }
    }

    private static MqttException Refused(string topic, MqttReasonCode reason, string? text) =>
        new($"The broker did not accept the publication to '{topic}': {ReasonText.Of(reason, text)}") { Reason = reason, IsTransient = ReasonText.IsTransient(reason) };

    private static void Write(PacketSender? sender, MqttQualityOfService qos)
    {
        // QoS 0 is done when it is written, so it is written at once. QoS 1 waits for the broker anyway: what others publish meanwhile
        // shares its write.
        if (qos == MqttQualityOfService.AtMostOnce)
        {
            sender?.Run();
        }
        else
        {
            sender?.Schedule();
        }
    }

    private void Pump()
    {
        lock (Gate) { Drain(); }
        Flush();
    }

    // What follows runs with the lock held.

    private void Drain()
    {
        while (_sender is not null && _resend is { } again && CanSend(again))
        {
            _resend = again.Next;
            _counters.Resent++;
            Send(again);
        }

        List<(PublishOperation, MqttException)>? refused = null;
        while (_open && _resend is null && _queue.First is { } operation)
        {
            if (Refusal(operation) is { } error)
            {
                _queue.Remove(operation);
                (refused ??= []).Add((operation, error));
            }
            else if (CanSend(operation))
            {
                _queue.Remove(operation);
                Send(operation);
            }
            else
            {
                break;
            }
        }

        if (refused is not null)
        {
            Fail(refused);
        }
    }

    private bool CanSend(PublishOperation operation)
    {
        if (!_sender!.HasRoom || (operation.IsQoS1 && _onConnection >= _window) || (_resend is not null && operation != _resend))
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

    private void Send(PublishOperation operation)
    {
        if (operation.IsQoS1)
        {
            operation.SentAt = _time.GetTimestamp();
            operation.Connection = _connection;
            _onConnection++;
            if (operation.PacketId == 0)
            {
                _ids.Add(operation);
                _unacknowledged.AddLast(operation);
            }
        }

        _sender!.Append(operation);
        operation.Sent = operation.IsQoS1;
        _counters.Published++;
    }

    // What the broker said it does not take.
    private MqttException? Refusal(PublishOperation operation)
    {
        ConnAckPacket terms = _terms!;
        (string what, MqttReasonCode reason)? refusal =
            operation.PacketLength > terms.MaxPacketBytes ? ($"it has {operation.PacketLength} bytes, and the broker takes {terms.MaxPacketBytes}", MqttReasonCode.PacketTooLarge)
            : operation.IsQoS1 && !terms.AcceptsQoS1 ? ("the broker offers QoS 0 only", MqttReasonCode.QoSNotSupported)
            : operation.Options is { Retain: true } && !terms.RetainAvailable ? ("the broker keeps no retained messages", MqttReasonCode.RetainNotSupported)
            : null;
        return refusal is null ? null : new MqttException($"The publication to '{operation.Topic}' was not sent: {refusal.Value.what}.") { Reason = refusal.Value.reason };
    }

    private void PutBackUnacknowledged(List<(PublishOperation, MqttException)> failed)
    {
        bool keep = _options.OfflinePolicy != MqttOfflinePolicy.Fail;
        while (_unacknowledged.Last is { } operation)
        {
            _unacknowledged.Remove(operation);
            _ids.Remove(operation);
            operation.PacketId = 0;
            operation.Sent = false;
            if (keep)
            {
                _queue.PutBack(operation);
            }
            else
            {
                failed.Add((operation, new MqttException(
                    $"Whether the broker has the publication to '{operation.Topic}' is not known: it lost the session before it acknowledged, and OfflinePolicy is Fail.") { IsTransient = true }));
            }
        }

        if (_options.OfflinePolicy == MqttOfflinePolicy.KeepNewestPerTopic)
        {
            _queue.GoDown(_lastError!, failed);
        }
    }

    private void CheckEmpty()
    {
        if (_empty is not null && _queue.Count == 0 && _unacknowledged.Count == 0)
        {
            _empty.TrySetResult();
        }
    }

    private void Recycle(PublishOperation operation)
    {
        operation.Clear();
        if (_pool.Count < MostPooled)
        {
            _pool.Push(operation);
        }
    }
}
