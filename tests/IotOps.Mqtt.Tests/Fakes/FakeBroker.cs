using System.Threading.Channels;
using IotOps.Mqtt.Connecting;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>The other end of connections in memory: a test reads each packet and says what comes back.</summary>
internal sealed class FakeBroker
{
    /// <summary>Longest time a test waits for something that should happen at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<FakeLink> _links = Channel.CreateUnbounded<FakeLink>();
    private int _refusals;

    public ManualTimeProvider Time { get; } = new();

    /// <summary>Thrown by the dice: 1.0 waits the longest time there is.</summary>
    public double Jitter { get; set; }

    public int Dials { get; private set; }

    /// <summary>Fails the next attempts before they get anywhere.</summary>
    public void RefuseDials(int count) => _refusals = count;

    public MqttConnectionOptions Options(MqttProtocolVersion version = MqttProtocolVersion.V5) => new()
    {
        Host = "fake",
        ClientId = "THING00001",
        ProtocolVersion = version,
        Limits = MqttLimits.None,
        TimeProvider = Time,
        Dial = DialAsync,
        Jitter = () => Jitter,
        CloseTimeout = TimeSpan.Zero,
    };

    /// <summary>The next connection, whenever it comes.</summary>
    public Task<FakeLink> AcceptAsync(CancellationToken stop) => _links.Reader.ReadAsync(stop).AsTask();

    /// <summary>The next connection; nothing has been read from it.</summary>
    public async Task<FakeLink> AcceptAsync()
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        return await _links.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>The next connection, accepted with a CONNACK.</summary>
    public async Task<FakeLink> WelcomeAsync(byte[]? connAck = null)
    {
        FakeLink link = await AcceptAsync();
        (await link.ReadAsync()).Type.ShouldBe(1);
        await link.SendAsync(connAck ?? Packets.ConnAck());
        return link;
    }

    /// <summary>Connects a client and this end.</summary>
    public async Task<(MqttConnection Client, FakeLink Link)> ConnectAsync(MqttConnectionOptions? options = null, byte[]? connAck = null)
    {
        options ??= Options();
        var client = new MqttConnection(options);
        Task connecting = client.ConnectAsync();
        FakeLink link = await WelcomeAsync(connAck ?? Packets.ConnAck(version: options.ProtocolVersion));
        await connecting.WaitAsync(Patience, TimeProvider.System);
        return (client, link);
    }

    private ValueTask<Transport> DialAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Dials++;
        if (_refusals > 0)
        {
            _refusals--;
            throw new IOException("nobody listens");
        }

        var link = new FakeLink();
        _links.Writer.TryWrite(link);
        return new ValueTask<Transport>(link.Transport);
    }
}
