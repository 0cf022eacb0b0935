using System.Collections.Concurrent;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>Answers everything, but for packets that it does not accept: on those it closes the connection, as AWS IoT Core does.</summary>
internal sealed class StrictBroker : IAsyncDisposable
{
    private readonly FakeBroker _broker;
    private readonly MqttProtocolVersion _version;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private FakeLink? _link;
    private int _connections;

    public StrictBroker(FakeBroker broker, MqttProtocolVersion version = MqttProtocolVersion.V5)
    {
        _broker = broker;
        _version = version;
        _running = RunAsync();
    }

    /// <summary>What it closes on.</summary>
    public Predicate<SentPacket> Rejects { get; set; } = _ => false;

    /// <summary>What it leaves unanswered.</summary>
    public Predicate<SentPacket> Ignores { get; set; } = _ => false;

    /// <summary>MQTT 5: the reason it gives before it closes; null closes without a word.</summary>
    public byte? Reason { get; init; }

    public bool KeepsSession { get; init; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Everything that came, with the number of the connection.</summary>
    public ConcurrentQueue<(int Connection, SentPacket Packet)> Seen { get; } = new();

    public MqttConnectionOptions Options => _broker.Options(_version);

    /// <summary>Whether a packet publishes to this topic, or subscribes to or unsubscribes from it.</summary>
    public static bool Names(SentPacket packet, string topic, MqttProtocolVersion version) => packet.Type switch
    {
        3 => packet.Topic == topic,
        8 or 10 => packet.FiltersOf(version).Contains(topic),
        _ => false,
    };

    /// <summary>Publications by connection.</summary>
    public IEnumerable<string> Published(int connection) => Seen.Where(seen => seen.Connection == connection && seen.Packet.Type == 3).Select(seen => seen.Packet.Topic);

    /// <summary>Connects a client.</summary>
    public async Task<MqttConnection> ConnectAsync(MqttConnectionOptions? options = null)
    {
        var client = new MqttConnection(options ?? Options);
        await client.ConnectAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        return client;
    }

    /// <summary>Ends the connection there is.</summary>
    public void Cut() => _link!.Close();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _link?.Close();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                FakeLink link = await _broker.AcceptAsync(_stop.Token);
                _link = link;
                await ServeAsync(link);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (InvalidOperationException)
            {
                // Cut while it was answering.
            }
        }
    }

    private async Task ServeAsync(FakeLink link)
    {
        while (await link.TryReadAsync(_stop.Token) is { } packet)
        {
            if (packet.Type == 1)
            {
                await link.SendAsync(Packets.ConnAck(sessionPresent: KeepsSession && Connections > 0, version: _version));
                Interlocked.Increment(ref _connections);
                continue;
            }

            Seen.Enqueue((Connections, packet));
            if (packet.Type == 14)
            {
                link.Close();
                return;
            }

            if (Rejects(packet))
            {
                if (Reason is { } reason)
                {
                    await link.SendAsync(Packets.Disconnect(reason));
                }

                link.Close();
                return;
            }

            if (!Ignores(packet) && Answer(packet) is { } answer)
            {
                await link.SendAsync(answer);
            }
        }
    }

    private byte[]? Answer(SentPacket packet) => packet.Type switch
    {
        3 => packet.QoS == 1 ? Packets.PubAck(packet.PacketId) : null,
        8 => Packets.SubAck(packet.PacketId, _version, [.. packet.FiltersOf(_version).Select(_ => (byte)1)]),
        10 => Packets.UnsubAck(packet.PacketId, _version, [.. packet.FiltersOf(_version).Select(_ => (byte)0)]),
        12 => Packets.PingResp,
        _ => null,
    };
}
