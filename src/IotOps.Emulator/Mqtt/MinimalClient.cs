using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using IotOps.Emulator.Mqtt.Connections;
using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt;

/// <summary>A client of some broker, MQTT 3.1.1 without TLS: subscribes once, publishes with QoS 1 and sends nothing again.</summary>
internal sealed class MinimalClient : IAsyncDisposable
{
    private const byte Version = 4;
    private const int MaxPacketBytes = 16 << 20;

    private readonly TcpClient _tcp;
    private readonly IReadOnlyList<string> _filters;
    private readonly Outbox _outbox;
    private readonly Action<MinimalClient, PublishPacket> _onMessage;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private int _lastPacketId;

    private MinimalClient(TcpClient tcp, IReadOnlyList<string> filters, Action<MinimalClient, PublishPacket> onMessage)
    {
        _tcp = tcp;
        _filters = filters;
        _outbox = new Outbox(tcp.GetStream());
        _onMessage = onMessage;
        Completion = RunAsync();
    }

    /// <summary>Ends with the connection. Never fails.</summary>
    public Task Completion { get; }

    /// <summary>Connects and subscribes.</summary>
    /// <exception cref="IOException">The broker cannot be reached, or refuses.</exception>
    public static async Task<MinimalClient> ConnectAsync(
        string host, int port, string clientId, IReadOnlyList<string> filters, Action<MinimalClient, PublishPacket> onMessage, CancellationToken cancellationToken)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            tcp.Dispose();
            throw new IOException($"The MQTT broker at {host}:{port} cannot be reached: {e.Message}", e);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }

        var client = new MinimalClient(tcp, filters, onMessage);
        try
        {
            client._outbox.Write(new ConnectPacket { Version = Version, ClientId = clientId }, Version);
            await client._ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Hands a message to the broker; it is gone when the connection is.</summary>
    public void Publish(string topic, ReadOnlyMemory<byte> payload)
    {
        ushort packetId = (ushort)((Interlocked.Increment(ref _lastPacketId) % ushort.MaxValue) + 1);
        _outbox.Write(new PublishPacket(topic, payload) { QoS = 1, PacketId = packetId }, Version);
    }

    public async ValueTask DisposeAsync()
    {
        _outbox.Complete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        _outbox.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using (_tcp)
        {
            Task sending = _outbox.RunAsync(_stop.Token);
            Task reading = ReadAsync();
            await Task.WhenAny(sending, reading).ConfigureAwait(false);
            await _stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await Task.WhenAll(sending, reading).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or ProtocolViolation)
            {
                _ready.TrySetException(new IOException($"The MQTT broker ended the connection: {e.Message}", e));
            }

            _ready.TrySetException(new IOException("The MQTT broker ended the connection."));

            // Whoever waited for it has seen it; nobody else has to.
            _ = _ready.Task.Exception;
        }
    }

    private async Task ReadAsync()
    {
        PipeReader reader = PipeReader.Create(_tcp.GetStream(), new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            ReadResult result = await reader.ReadAsync(_stop.Token).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (PacketFramer.TryCut(ref buffer, MaxPacketBytes, out byte header, out ReadOnlySequence<byte> body))
            {
                Handle(PacketDecoder.Decode(header, body.ToArray(), Version));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private void Handle(Packet packet)
    {
        switch (packet)
        {
            case ConnAckPacket { Code: > 0 } refused:
                throw new IOException($"The MQTT broker refused the connection with code {refused.Code}.");
            case ConnAckPacket:
                // Not together with CONNECT: a broker that refuses closes, and a write that fails then would hide its code.
                _outbox.Write(new SubscribePacket(1, [.. _filters.Select(f => new SubscriptionRequest(f, QoS: 1))]), Version);
                break;
            case SubscriptionAckPacket ack when ack.Codes.Span.ContainsAnyInRange((byte)0x80, (byte)0xFF):
                throw new IOException("The MQTT broker refused a subscription.");
            case SubscriptionAckPacket:
                _ready.TrySetResult();
                break;
            case PublishPacket message:
                if (message.QoS > 0)
                {
                    _outbox.Write(new AckPacket(PacketType.PubAck, message.PacketId), Version);
                }

                _onMessage(this, message);
                break;
        }
    }
}
