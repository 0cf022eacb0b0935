using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Sessions;

/// <summary>One connection after its CONNACK: reads, keeps alive, and ends once, with a reason.</summary>
internal sealed class Link : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Transport _transport;
    private readonly ReceiveBuffer _buffer;
    private readonly MqttConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly MqttProtocolVersion _version;
    private readonly Outbox _outbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly ILogger _logger;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _ended = new();
    private LinkEnd? _end;
    private long _receivedAt;
    private long _received;

    public Link(
        Transport transport, ReceiveBuffer buffer, ConnAckPacket terms, MqttConnectionOptions options, long number,
        Outbox outbox, SubscriptionTable subscriptions, UnmatchedMessages unmatched, MqttCounters counters, ILogger logger)
    {
        _transport = transport;
        _buffer = buffer;
        _options = options;
        _time = options.TimeProvider;
        _version = options.ProtocolVersion;
        _outbox = outbox;
        _subscriptions = subscriptions;
        _logger = logger;
        Terms = terms;
        Sender = new PacketSender(transport, _version, outbox.Gate, _time) { Failed = error => Abort(error, CauseOf(error.InnerException)) };
        _inbox = new Inbox(new AcknowledgementQueue(Sender, outbox.Gate, options.ReceiveMaximum), options, number, subscriptions, unmatched, counters, logger);
        _receivedAt = _time.GetTimestamp();
    }

    public ConnAckPacket Terms { get; }

    public PacketSender Sender { get; }

    /// <summary>How it ended; null while it stands.</summary>
    public LinkEnd? Ended => Volatile.Read(ref _end);

    /// <inheritdoc cref="Inbox.UnreadableMessage"/>
    public string? UnreadableMessage => _inbox.UnreadableMessage;

    public TimeSpan KeepAliveInterval => Terms.ServerKeepAlive ?? _options.KeepAlive;

    /// <summary>Reads until the connection ends; ends when nothing of it is running any more.</summary>
    public async Task<LinkEnd> RunAsync()
    {
        Task keepAlive = KeepAliveAsync();
        LinkEnd end = await ReceiveAsync().ConfigureAwait(false);
        end = Interlocked.CompareExchange(ref _end, end, null) ?? end;
        if (end.Cause == EndCause.Here && _version == MqttProtocolVersion.V5 && end.Error.Reason is { } reason and not MqttReasonCode.KeepAliveTimeout)
        {
            await SayFarewellAsync(reason).ConfigureAwait(false);
        }

        Abort(end.Error);
        await keepAlive.ConfigureAwait(false);
        await Sender.Write.ConfigureAwait(false);
        _inbox.Close();
        _buffer.Dispose();
        return end;
    }

    /// <summary>Ends the connection at once. The first reason stays.</summary>
    public void Abort(MqttException error, EndCause cause = EndCause.Here)
    {
        Interlocked.CompareExchange(ref _end, new LinkEnd(error, cause), null);
        _ended.Cancel();
        _transport.Abort();
    }

    /// <summary>Says goodbye, and gives the broker a moment to close its side, so that nothing that was written is lost.</summary>
    public async Task DisconnectAsync(Task run, TimeSpan within)
    {
        Interlocked.CompareExchange(ref _end, new LinkEnd(SubscriptionTable.Closed(), EndCause.Here), null);
        await SayFarewellAsync(MqttReasonCode.Success).ConfigureAwait(false);
        await run.WaitAsync(within, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abort(SubscriptionTable.Closed());
    }

    // The token source has no timer, and Abort may come late: it is left to the collector.
    public void Dispose() => Sender.Dispose();

    private async Task<LinkEnd> ReceiveAsync()
    {
        try
        {
            while (true)
            {
                Process();

                // Awaited here, not in a method of its own: that would cost an object for every read.
                int read = await _transport.Stream.ReadAsync(_buffer.Room(), CancellationToken.None).ConfigureAwait(false);
                if (read == 0)
                {
                    return End("The broker closed the connection.", EndCause.Broker);
                }

                _buffer.Add(read);
                Volatile.Write(ref _receivedAt, _time.GetTimestamp());
                Interlocked.Increment(ref _received);
            }
        }
        catch (MqttException e)
        {
            return new LinkEnd(e, EndCause.Here);
        }
        catch (Exception e) when (NetworkErrors.Contain(e))
        {
            return End($"The connection broke: {e.Message}", CauseOf(e), e);
        }
    }

    private static EndCause CauseOf(Exception? error) => NetworkErrors.ComeFromPeer(error) ? EndCause.Broker : EndCause.Network;

    private LinkEnd End(string message, EndCause cause, Exception? inner = null) =>
        Volatile.Read(ref _end) ?? new LinkEnd(new MqttException(message, inner) { IsTransient = true }, cause);

    private void Process()
    {
        while (true)
        {
            if (_buffer.TryRead(out FrameHeader header, out ReadOnlySpan<byte> body))
            {
                Handle(header, body);
            }
            else if (_buffer.TryReadBeginning(out header, out ReadOnlySpan<byte> beginning))
            {
                _inbox.PassOver(header, beginning);
            }
            else
            {
                break;
            }
        }

        _outbox.Flush();
    }

    private void Handle(FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Type != PacketType.Publish && header.Flags != 0)
        {
            throw Malformed.Packet($"the reserved bits of a packet of type {(int)header.Type} are set");
        }

        switch (header.Type)
        {
            case PacketType.Publish:
                _inbox.Receive(header, body);
                break;
            case PacketType.PubAck:
                Acknowledge(body);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                Answer(header, body);
                break;
            case PacketType.PingResp:
                new PacketReader(body).End("a PINGRESP");
                _outbox.PingAnswered();
                break;
            case PacketType.Disconnect:
                Disconnect(body);
                break;
            default:
                throw Malformed.Protocol($"a packet of type {(int)header.Type} came, which is not for clients at this point");
        }
    }

    private void Acknowledge(ReadOnlySpan<byte> body)
    {
        ushort id;
        try
        {
            id = PubAckCodec.Read(body, _version, out MqttReasonCode reason, out string? text);
            if (_outbox.Acknowledge(id, reason, text))
            {
                return;
            }
        }
        catch (MqttException e)
        {
            _outbox.FailUnreadable(PubAckCodec.IdOf(body), e);
            throw;
        }

        Log.UnknownAcknowledgement(_logger, _options.ClientId, id);
    }

    private void Answer(FrameHeader header, ReadOnlySpan<byte> body)
    {
        ControlReply? reply = _outbox.TakeReply(PubAckCodec.IdOf(body));
        try
        {
            ushort id = SubscribeCodec.ReadAcknowledgement(header, body, _version, out byte[] reasons);
            if (reply is null)
            {
                Log.UnknownAcknowledgement(_logger, _options.ClientId, id);
            }

            reply?.Complete(reasons);
        }
        catch (MqttException e) when (reply is not null)
        {
            _subscriptions.Fail(reply, e);
            reply.Abandon();
            throw;
        }
    }

    // Readable or not, and allowed in this version or not: the broker ends the connection.
    private void Disconnect(ReadOnlySpan<byte> body)
    {
        try
        {
            MqttReasonCode why = DisconnectCodec.Read(body, _version, out string? words);
            Abort(new MqttException($"The broker ended the connection: {ReasonText.Of(why, words)}") { Reason = why, IsTransient = true }, EndCause.Broker);
        }
        catch (MqttException e)
        {
            Abort(e, EndCause.Broker);
        }
    }

    private async Task KeepAliveAsync()
    {
        var keepAlive = new KeepAlive(KeepAliveInterval, _options.AcknowledgeTimeout, _time);
        while (!_ended.IsCancellationRequested)
        {
            KeepAliveStep step = keepAlive.Next(_outbox.Look(Sender, keepAlive.Moved), Volatile.Read(ref _receivedAt), Interlocked.Read(ref _received));
            if (step.Error is { } error)
            {
                Abort(error, step.IsUnanswered ? EndCause.Unanswered : EndCause.Network);
                return;
            }

            if (step.Ping)
            {
                keepAlive.Pinged(_outbox.SendPing(Sender));
            }

            await Task.Delay(step.Wait, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // As far as it can be written at once; a broker that does not read is not waited for longer than a moment.
    private async Task SayFarewellAsync(MqttReasonCode reason)
    {
        bool write;
        lock (_outbox.Gate)
        {
            if (!Sender.HasRoom)
            {
                return;
            }

            Sender.Append(DisconnectCodec.Write(_version, reason));
            write = Sender.TryClaim();
        }

        if (write)
        {
            Sender.Run();
        }

        await Sender.Write.WaitAsync(Farewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
