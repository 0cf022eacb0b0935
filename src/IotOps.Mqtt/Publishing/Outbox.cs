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
    private readonly MqttCounters _counters;
    private readonly Func<MqttConnectionState> _state;
    private readonly PublishCheck _check;
    private readonly PublishQueue _queue;
    private readonly SendWindow _window;
    private readonly Suspects _suspects;
    private readonly SendOrder _order;
    private readonly Inquest _inquest;
    private readonly Stack<PublishOperation> _pool = new();

    private MqttException? _refusal;
    private MqttException? _lastError;
    private TaskCompletionSource? _empty;

    /// <param name="options">Limits and policies.</param>
    /// <param name="counters">Told of what is sent.</param>
    /// <param name="state">The connection, for who gives up waiting for it.</param>
    public Outbox(MqttConnectionOptions options, MqttCounters counters, Func<MqttConnectionState> state)
    {
        _options = options;
        _counters = counters;
        _state = state;
        _check = new PublishCheck(options);
        _queue = new PublishQueue(options.OfflinePolicy, options.QueueLimitBytes);
        _window = new SendWindow(options, counters, Pump);
        _suspects = new Suspects(_queue);
        _order = new SendOrder(_queue, _window, _suspects, options.TimeProvider, EndHold);
        _inquest = new Inquest(options, _window);
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
        get { lock (Gate) { return _window.Count + _suspects.Publications.Count; } }
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
            if (error is null && _order.MayPass(operation))
            {
                _window.Send(operation);
                toWrite = _window.Sender!.TryClaim() ? _window.Sender : null;

                // QoS 0 is done when it is written, and one alone gains nothing from waiting. Several with QoS 1 wait for the broker anyway:
                // what is published while a thread is found shares the write.
                inPlace = !operation.IsQoS1 || _window.HasOne;
            }
            else if ((error ??= _queue.TryAdd(operation, down: !_order.IsOpen, _lastError, out superseded)) is not null)
            {
                _counters.Rejected++;
                Recycle(operation);
                return ValueTask.FromException(error!);
            }
            else if (_order.IsOpen && _suspects.Any)
            {
                _order.Drain();
                toWrite = _window.Sender!.TryClaim() ? _window.Sender : null;
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
            if (terms.SessionPresent)
            {
                _window.TakeSuspects(_suspects.Publications);
            }
            else
            {
                PutBackUnacknowledged(failed);
            }

            sender.Drained = _order.Drain;
            _window.Begin(sender, terms);
            _order.Drain();
        }

        Fail(failed);
        Flush();
    }

    /// <summary>Subscriptions are back: what waits is sent.</summary>
    public void Open()
    {
        lock (Gate) { _order.Open(); }

        Flush();
    }

    /// <summary>The connection ended: what it left unanswered may be the cause.</summary>
    /// <param name="error">Why it ended.</param>
    /// <param name="cause">Who or what ended it.</param>
    public Interruption Detach(MqttException error, EndCause cause)
    {
        List<(PublishOperation, MqttException)> failed = [];
        List<PublishOperation> unwritten = [];
        Interruption interruption;
        ControlReply? unsent;
        List<ControlReply> replies;
        lock (Gate)
        {
            _window.Sender?.Close(error, unwritten);
            replies = _window.Ids.RemoveControlReplies();
            interruption = _inquest.Hold(error, cause, replies, failed);
            _counters.GivenUp += interruption.GivenUp.Count;
            _window.End();
            unsent = _order.LinkDown();
            _lastError = error;
            _queue.GoDown(error, failed);
            CheckEmpty();
        }

        foreach (PublishOperation operation in unwritten)
        {
            operation.Fail(new MqttException($"The publication to '{operation.Topic}' may not have been sent: {error.Message}", error) { IsTransient = true });
        }

        replies.ForEach(reply => reply.Abandon());
        unsent?.Abandon();
        Fail(failed);
        return interruption;
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
            _window.TakeSuspects(_suspects.Publications);
            while (_suspects.Publications.First is { } suspect)
            {
                _window.Forget(suspect);
                failed.Add((suspect, error));
            }

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
        if (Take(packetId) is not { } operation)
        {
            return false;
        }

        // MQTT 5, 2.4: below 0x80 is success, whatever it is. Brokers also send reasons that the standard does not list for a PUBACK.
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

    /// <summary>A PUBACK whose id is all that can be read: sent again, the publication would be answered in the same way for ever.</summary>
    public void FailUnreadable(ushort packetId, MqttException error)
    {
        if (Take(packetId) is { } operation)
        {
            operation.Fail(new MqttException($"The broker's answer to the publication to '{operation.Topic}' cannot be read: {error.Message}", error) { Reason = error.Reason });
        }
    }

    /// <summary>A SUBACK or UNSUBACK; null when none waits under this id.</summary>
    public ControlReply? TakeReply(ushort packetId)
    {
        lock (Gate)
        {
            if (_window.TakeControl(packetId) is not { } reply)
            {
                return null;
            }

            Answered(reply);
            return reply;
        }
    }

    /// <summary>A PINGRESP.</summary>
    public void PingAnswered()
    {
        lock (Gate)
        {
            _window.Confirmations.PingAnswered();
            _order.Drain();
        }
    }

    /// <summary>Sends a packet that the broker answers by its id; false when that connection is gone. At most <see cref="SendWindow.MostControlReplies"/> at a time.</summary>
    public bool TrySend(PacketSender sender, ControlReply reply)
    {
        lock (Gate)
        {
            if (_window.Sender != sender)
            {
                return false;
            }

            _window.Send(reply);
        }

        Flush();
        return true;
    }

    /// <summary>Sends a packet as soon as nothing else is in flight, and nothing beside it; one at a time. It may be sent later, or never: then it is abandoned.</summary>
    public bool TrySendAlone(PacketSender sender, ControlReply reply)
    {
        lock (Gate)
        {
            if (_window.Sender != sender)
            {
                return false;
            }

            _suspects.Control = reply;
            _order.Drain();
        }

        Flush();
        return true;
    }

    /// <summary>Asks whether the broker is there; returns the number of the write that asks.</summary>
    public long SendPing(PacketSender sender)
    {
        long write;
        lock (Gate)
        {
            write = sender.NextWrite;
            if (_window.Sender == sender)
            {
                // However much waits: two bytes.
                _order.AppendPing();
            }
        }

        Flush();
        return write;
    }

    /// <summary>Looks how far the bytes of a connection have come, and begins the time for an answer anew for what has not left while others did.</summary>
    public SendActivity Look(PacketSender sender, long movedBefore)
    {
        lock (Gate)
        {
            SendProgress progress = sender.Progress;
            progress.Look();
            if (progress.Moved > movedBefore)
            {
                _window.Ids.Postpone(progress.LeftWrite, _options.TimeProvider.GetTimestamp());
            }

            return new SendActivity(progress.Moved, progress.LeftWrite, sender.IsBehind, sender.LastSentAt, _window.Ids.OldestSentAt());
        }
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

    /// <summary>
    /// Nobody waits for this one any more, so it is not sent again. The id of one that the broker of this connection may have stays taken until
    /// the answer, or until the connection ends.
    /// </summary>
    public void Cancel(PublishOperation operation, CancellationToken token)
    {
        lock (Gate)
        {
            if (operation.List is null)
            {
                return;
            }

            if (_queue.Holds(operation))
            {
                _queue.Remove(operation);
                CheckEmpty();
            }
            else if (_window.Holds(operation) && _window.IsUnderWay(operation))
            {
                var orphan = new PublishOperation(this);
                orphan.StandFor(operation);
                _window.Replace(operation, orphan);
                _suspects.Replace(operation, orphan);
            }
            else
            {
                _window.Forget(operation);
                _order.Drain();
                CheckEmpty();
            }
        }

        Flush();

        operation.Fail(_state().Cancelled($"The publication to '{operation.Topic}'", token));
    }

    /// <summary>Takes back one that has been awaited.</summary>
    public void Return(PublishOperation operation)
    {
        lock (Gate) { Recycle(operation); }
    }

    public void Dispose()
    {
        _order.Dispose();
        _window.Dispose();
    }

    private static void Fail(List<(PublishOperation Operation, MqttException Error)> failed)
    {
        foreach ((PublishOperation operation, MqttException error) in failed)
        {
            operation.Fail(error);
        }
    }

    private static MqttException Refused(string topic, MqttReasonCode reason, string? text) =>
        MqttException.Refused($"The broker did not accept the publication to '{topic}'", reason, text);

    private void Pump()
    {
        lock (Gate) { _order.Drain(); }
        Flush();
    }

    private void EndHold()
    {
        lock (Gate) { _order.EndHold(); }
        Flush();
    }

    private PublishOperation? Take(ushort packetId)
    {
        lock (Gate)
        {
            PublishOperation? operation = _window.TakePublication(packetId);
            if (operation is not null)
            {
                _counters.Acknowledged++;
                Answered(operation);
            }

            return operation;
        }
    }

    // What follows runs with the lock held.

    private void Answered(PendingReply reply)
    {
        _order.Answered(reply);
        CheckEmpty();
    }

    private void PutBackUnacknowledged(List<(PublishOperation, MqttException)> failed)
    {
        bool keep = _options.OfflinePolicy != MqttOfflinePolicy.Fail;
        _window.TakeSuspects(_suspects.Publications);
        for (PublishOperation? suspect = _suspects.Publications.First; suspect is not null && keep; suspect = suspect.Next)
        {
            _window.FreeId(suspect);
        }

        while (TakeLastUnacknowledged(keep) is { } operation)
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

    private PublishOperation? TakeLastUnacknowledged(bool leaveSuspects)
    {
        if (!leaveSuspects && _suspects.Publications.Last is { } suspect)
        {
            _window.Forget(suspect);
            return suspect;
        }

        return _window.TakeLast();
    }

    private void CheckEmpty()
    {
        if (_empty is not null && _queue.Count == 0 && _window.Count == 0 && _suspects.Publications.Count == 0)
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
