using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// All that has been published and is not accounted for; it outlives connections. One lock, <see cref="Gate"/>, guards it and the connection's
/// buffer, so that the order of the list, of the packet ids and of the wire is the same. Nothing waits with the lock held.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const int MostPooled = 1024;

    private readonly MqttConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly MqttCounters _counters;
    private readonly PublishCheck _check;
    private readonly PublishQueue _queue;
    private readonly SendWindow _window;
    private readonly Stack<PublishOperation> _pool = new();

    private bool _open;
    private MqttException? _refusal;
    private MqttException? _lastError;
    private TaskCompletionSource? _empty;

    public Outbox(MqttConnectionOptions options, MqttCounters counters)
    {
        _options = options;
        _time = options.TimeProvider;
        _counters = counters;
        _check = new PublishCheck(options);
        _queue = new PublishQueue(options.OfflinePolicy, options.QueueLimitBytes);
        _window = new SendWindow(options, counters, Pump);
    }

    public Lock Gate { get; } = new();

    /// <summary>Publications that wait to be sent.</summary>
    public int Queued
    {
        get { lock (Gate) { return _queue.Count; } }
    }

    /// <summary>Publications sent and not acknowledged.</summary>
    public int InFlight
    {
        get { lock (Gate) { return _window.Count; } }
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
        bool inPlace = false;
        lock (Gate)
        {
            operation = _pool.TryPop(out PublishOperation? pooled) ? pooled : new PublishOperation(this);
            operation.Set(topic, payload, qos, options, bodyLength);
            MqttException? error = _refusal ?? _window.Refusal(operation);
            if (error is null && _open && _queue.Count == 0 && _window.MaySend(operation))
            {
                _window.Send(operation);
                toWrite = _window.Sender!.TryClaim() ? _window.Sender : null;

                // QoS 0 is done when it is written, and one alone gains nothing from waiting. Several with QoS 1 wait for the broker anyway:
                // what is published while a thread is found shares the write.
                inPlace = !operation.IsQoS1 || _window.HasOne;
            }
            else if ((error ??= _queue.TryAdd(operation, down: !_open, _lastError, out superseded)) is not null)
            {
                _counters.Rejected++;
                Recycle(operation);
                return ValueTask.FromException(error!);
            }
        }

        superseded?.Fail(PublishQueue.Superseded(superseded));
        if (inPlace)
        {
            toWrite?.Run();
        }
        else
        {
            toWrite?.Schedule();
        }

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
            if (!terms.SessionPresent)
            {
                PutBackUnacknowledged(failed);
            }

            sender.Drained = Drain;
            _window.Begin(sender, terms);
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
            _open = _window.Sender is not null;
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
            _window.Sender?.Close(error, unwritten);
            _window.End();
            _open = false;
            _lastError = error;
            replies = _window.Ids.RemoveControlReplies();
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
            while (_window.TakeLast() is { } sent)
            {
                failed.Add((sent, error));
            }

            failed.Reverse();
            while (_queue.First is { } waiting)
            {
                _queue.Remove(waiting);
                failed.Add((waiting, error));
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
            if (_window.Take(packetId) is not { } found)
            {
                return false;
            }

            operation = found;
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
            if (_window.Ids.Find(packetId) is not ControlReply reply)
            {
                return null;
            }

            _window.Ids.Remove(reply);
            return reply;
        }
    }

    /// <summary>Sends a packet that the broker answers by its id; false when that connection is gone. At most <see cref="SendWindow.MostControlReplies"/> at a time.</summary>
    public bool TrySend(PacketSender sender, ControlReply reply, Func<ushort, byte[]> encode)
    {
        lock (Gate)
        {
            if (_window.Sender != sender)
            {
                return false;
            }

            _window.Ids.Add(reply);
            reply.SentAt = _time.GetTimestamp();
            sender.Append(encode(reply.PacketId));
        }

        Flush();
        return true;
    }

    /// <summary>When the packet that waits longest for its answer was sent; null when none waits.</summary>
    public long? OldestSentAt()
    {
        lock (Gate) { return _window.Ids.OldestSentAt(); }
    }

    /// <summary>Has somebody write what is encoded.</summary>
    public void Flush()
    {
        PacketSender? toWrite;
        lock (Gate)
        {
            toWrite = _window.Sender?.TryClaim() == true ? _window.Sender : null;
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
            else if (_window.Holds(operation))
            {
                var orphan = new PublishOperation(this);
                orphan.TakeOver(operation);
                _window.Replace(operation, orphan);
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

    public void Dispose() => _window.Dispose();

    private static void Fail(List<(PublishOperation Operation, MqttException Error)> failed)
    {
        foreach ((PublishOperation operation, MqttException error) in failed)
        {
            operation.Fail(error);
        }
    }

    private static MqttException Refused(string topic, MqttReasonCode reason, string? text) =>
        new($"The broker did not accept the publication to '{topic}': {ReasonText.Of(reason, text)}") { Reason = reason, IsTransient = ReasonText.IsTransient(reason) };

    private void Pump()
    {
        lock (Gate) { Drain(); }
        Flush();
    }

    // What follows runs with the lock held.

    private void Drain()
    {
        _window.Resend();
        while (_open && !_window.HasBacklog && _queue.First is { } operation)
        {
            if (_window.Refusal(operation) is { } refusal)
            {
                _queue.Remove(operation);
                operation.Fail(refusal);
            }
            else if (_window.MaySend(operation))
            {
                _queue.Remove(operation);
                _window.Send(operation);
            }
            else
            {
                break;
            }
        }
    }

    private void PutBackUnacknowledged(List<(PublishOperation, MqttException)> failed)
    {
        bool keep = _options.OfflinePolicy != MqttOfflinePolicy.Fail;
        while (_window.TakeLast() is { } operation)
        {
            if (keep)
            {
                _queue.PutBack(operation);
            }
            else
            {
                failed.Add((operation, new MqttException(
                    $"Whether the broker has the publication to '{operation.Topic}' is not known: it lost the session before it acknowledged, and OfflinePolicy is Fail.")
                { IsTransient = true }));
            }
        }

        if (_options.OfflinePolicy == MqttOfflinePolicy.KeepNewestPerTopic)
        {
            _queue.GoDown(_lastError!, failed);
        }
    }

    private void CheckEmpty()
    {
        if (_empty is not null && _queue.Count == 0 && _window.Count == 0)
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
