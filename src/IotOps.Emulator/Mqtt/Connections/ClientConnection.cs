using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Transports;

namespace IotOps.Emulator.Mqtt.Connections;

/// <summary>One client's connection, from its first byte to its last.</summary>
internal sealed class ClientConnection : IClient, IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LingerFor = TimeSpan.FromSeconds(1);

    private readonly Broker _broker;
    private readonly ITransport _transport;
    private readonly Outbox _outbox;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);
    private readonly PacketHandler _handler;
    private KeepAlive? _keepAlive;
    private volatile bool _isClosing;

    public ClientConnection(Broker broker, ITransport transport)
    {
        _broker = broker;
        _transport = transport;
        _outbox = new Outbox(transport.Stream);
        _handler = new PacketHandler(broker, this);
    }

    public TransportInfo Transport => _transport.Info;

    public ConnectPacket? Connect { get; private set; }

    public byte Version { get; private set; } = 4;

    public bool SessionPresent { get; private set; }

    public TimeSpan KeepAliveInterval { get; private set; }

    public ReasonCode? ClosedFor { get; private set; }

    public int SendWindow =>
        (int)Math.Min(Connect?.Properties.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue, (uint)_broker.Options.Limits.MaxInFlight);

    /// <summary>Serves the client to the end. Throws nothing that the client or the network could cause.</summary>
    public async Task RunAsync()
    {
        Task reading = ReadAsync();
        Task sending = SendAsync();
        await Task.WhenAny(reading, sending).ConfigureAwait(false);
        _keepAlive?.Dispose();
        _broker.Detach(this);
        _outbox.Complete();
        await WaitAsync(sending, FlushWithin).ConfigureAwait(false);
        if (sending.IsCompleted)
        {
            await _transport.FinishAsync().ConfigureAwait(false);
        }

        // Closing at once could overtake what the client has not read yet.
        await WaitAsync(reading, LingerFor).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        _transport.Abort();
        await Task.WhenAll(reading, sending).ConfigureAwait(false);
    }

    public void Accept(ConnectPacket connect, bool sessionPresent, TimeSpan keepAlive)
    {
        Connect = connect;
        Version = connect.Version;
        SessionPresent = sessionPresent;
        KeepAliveInterval = keepAlive;
        if (KeepAliveInterval > TimeSpan.Zero)
        {
            _keepAlive = new KeepAlive(KeepAliveInterval, _broker.TimeProvider, () => Close(ReasonCode.KeepAliveTimeout));
        }
    }

    public void Send(Packet packet) => _outbox.Write(packet, Version);

    /// <summary>Answers a CONNECT that was not accepted, in the version that it asked for.</summary>
    public void SendRefusal(ConnAckPacket packet, byte version) => _outbox.Write(packet, version);

    public bool TryDeliver(PublishPacket packet)
    {
        if (packet.QoS == 0 && _outbox.Unsent > _broker.Options.MaxUnsentBytes)
        {
            return false;
        }

        byte[] bytes = PacketEncoder.Encode(Aliased(packet, out bool isNewAlias), Version);
        if (bytes.Length > (Connect!.Properties.Number(PropertyId.MaximumPacketSize) ?? uint.MaxValue))
        {
            if (isNewAlias)
            {
                _aliases.Remove(packet.Topic);
            }

            return false;
        }

        _outbox.Write(bytes);
        return true;
    }

    public void Close(ReasonCode? reason)
    {
        ClosedFor ??= reason;
        if (reason is { } code && Version >= 5 && Connect is not null)
        {
            Send(new ReasonPacket(PacketType.Disconnect, code));
        }

        _isClosing = true;
        _outbox.Complete();
    }

    public void Abort()
    {
        _isClosing = true;
        _outbox.Complete();
        _transport.Abort();
    }

    public void Dispose()
    {
        _keepAlive?.Dispose();
        _outbox.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        PipeReader reader = PipeReader.Create(_transport.Stream, new StreamPipeReaderOptions(bufferSize: 16 << 10, leaveOpen: true));
        using var connectTimer = new CancellationTokenSource(ConnectWithin, _broker.TimeProvider);
        using CancellationTokenRegistration late = connectTimer.Token.Register(AbortUnconnected);
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (!_isClosing && PacketFramer.TryCut(ref buffer, _broker.Options.Limits.MaxPacketBytes, out byte header, out ReadOnlySequence<byte> body))
                {
                    _keepAlive?.Heard();
                    await _handler.HandleAsync(header, body, _stop.Token).ConfigureAwait(false);
                }

                reader.AdvanceTo(_isClosing ? result.Buffer.End : buffer.Start, result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }

                await _outbox.WaitUntilBelowAsync(_broker.Options.MaxUnsentBytes, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (ProtocolViolation violation)
        {
            _broker.CountViolation();
            Close(violation.Reason);
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            // The client is gone, or we cut it off: RunAsync tidies up either way.
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await _outbox.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            // As when reading.
        }
    }

    private void AbortUnconnected()
    {
        if (Connect is null)
        {
            Abort();
        }
    }

    private PublishPacket Aliased(PublishPacket packet, out bool isNew)
    {
        isNew = false;
        uint maximum = Math.Min(Connect!.Properties.Number(PropertyId.TopicAliasMaximum) ?? 0, (uint)_broker.Options.Limits.MaxTopicAliases);
        if (Version < 5 || maximum == 0)
        {
            return packet;
        }

        if (_aliases.TryGetValue(packet.Topic, out ushort alias))
        {
            return packet with { Topic = "", Properties = packet.Properties.With(new Property(PropertyId.TopicAlias, alias)) };
        }

        if (_aliases.Count >= maximum)
        {
            return packet;
        }

        isNew = true;
        alias = (ushort)(_aliases.Count + 1);
        _aliases[packet.Topic] = alias;
        return packet with { Properties = packet.Properties.With(new Property(PropertyId.TopicAlias, alias)) };
    }

    private async Task WaitAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _broker.TimeProvider, _broker.Stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The caller cuts what is still under way.
        }
    }

    private static bool IsEndOfConnection(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Net.WebSockets.WebSocketException;
}
