using System.Net;
using IotOps.Benchmarks.Mqtt;
using IotOps.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace MqttPeers;

/// <summary>The three that publish, connected side by side to one broker. Each method returns when the broker has taken all of it.</summary>
internal sealed class Publishers : IAsyncDisposable
{
    private const string Topic = "devices/THING00001/telemetry";

    private readonly byte[] _payload = new byte[128];
    private readonly MqttConnection _ours;
    private readonly IMqttClient _peer = new MqttClientFactory().CreateMqttClient();
    private readonly RawPublisher _raw = new();

    private Publishers(int port)
    {
        Random.Shared.NextBytes(_payload);
        _ours = new MqttConnection(new MqttConnectionOptions
        {
            Host = IPAddress.Loopback.ToString(),
            Port = port,
            Tls = null,
            ClientId = "bench-ours",
            CleanStart = true,
            Limits = MqttLimits.None,
        });
    }

    public static async Task<Publishers> ConnectAsync(int port)
    {
        var publishers = new Publishers(port);
        await publishers._ours.ConnectAsync();

        // One write a packet, as AWS IoT Core wants it; MQTTnet's default makes two of it and is slower here.
        await publishers._peer.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer(IPAddress.Loopback.ToString(), port)
            .WithClientId("bench-mqttnet")
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithoutPacketFragmentation()
            .Build());
        await publishers._raw.ConnectAsync(port, "bench-raw");
        return publishers;
    }

    public async Task OursQoS0Async(int count, int publishers)
    {
        await AtOnceAsync(count, publishers, () => _ours.PublishAsync(Topic, _payload, MqttQualityOfService.AtMostOnce));
        await _ours.PublishAsync(Topic, _payload);
    }

    public Task OursQoS1Async(int count, int window) => AtOnceAsync(count, window, () => _ours.PublishAsync(Topic, _payload));

    public async Task PeerQoS0Async(int count, int publishers)
    {
        await AtOnceAsync(count, publishers, () => PeerAsync(MqttQualityOfServiceLevel.AtMostOnce));
        await PeerAsync(MqttQualityOfServiceLevel.AtLeastOnce);
    }

    public Task PeerQoS1Async(int count, int window) => AtOnceAsync(count, window, () => PeerAsync(MqttQualityOfServiceLevel.AtLeastOnce));

    public Task RawQoS0Async(int count) => _raw.QoS0Async(count, Topic, _payload);

    public Task RawQoS1Async(int count, int window) => _raw.QoS1Async(count, window, Topic, _payload);

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _peer.DisconnectAsync(new MqttClientDisconnectOptions());
        _peer.Dispose();
        _raw.Dispose();
    }

    private static Task AtOnceAsync(int count, int publishers, Func<ValueTask> publish) =>
        Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < count / publishers; i++)
            {
                await publish();
            }
        })));

    private async ValueTask PeerAsync(MqttQualityOfServiceLevel qos) => await _peer.PublishAsync(new MqttApplicationMessage
    {
        Topic = Topic,
        PayloadSegment = _payload,
        QualityOfServiceLevel = qos,
    });
}
