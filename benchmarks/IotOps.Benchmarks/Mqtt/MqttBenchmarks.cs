using BenchmarkDotNet.Attributes;
using IotOps.Mqtt;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;

namespace IotOps.Benchmarks.Mqtt;

/// <summary>What a publication costs this side of the system call: the codec alone, and the whole way to a stream that takes everything.</summary>
[MemoryDiagnoser]
public class MqttBenchmarks
{
    private const string Topic = "devices/THING00001/telemetry";

    private readonly byte[] _payload = new byte[128];
    private readonly byte[] _packet = new byte[256];
    private readonly MqttConnection _connection = new(new MqttConnectionOptions
    {
        Host = "nowhere",
        ClientId = "bench",
        Limits = MqttLimits.None,
        Dial = _ =>
        {
            var sink = new SinkStream();
            return new ValueTask<Transport>(new Transport(sink, sink.End));
        },
    });

    private byte[] _received = [];

    [GlobalSetup]
    public async Task Setup()
    {
        await _connection.ConnectAsync();
        _received = _packet[..Write()];
    }

    [Benchmark(Description = "encode a PUBLISH of 128 B")]
    public int Write()
    {
        int body = PublishCodec.BodyLength(MqttProtocolVersion.V5, Topic.Length, MqttQualityOfService.AtLeastOnce, _payload.Length, null);
        PublishCodec.Write(_packet, MqttProtocolVersion.V5, body, Topic, _payload, MqttQualityOfService.AtLeastOnce, 7, duplicate: false, null);
        return PublishCodec.Length(body);
    }

    [Benchmark(Description = "decode it")]
    public int Read()
    {
        FrameHeader.TryRead(_received, out FrameHeader header);
        return PublishCodec.Read(header, _received.AsSpan(header.HeaderLength), MqttProtocolVersion.V5).Payload.Length;
    }

    [Benchmark(Description = "PublishAsync, QoS 0, into a stream that takes everything")]
    public ValueTask Publish() => _connection.PublishAsync(Topic, _payload, MqttQualityOfService.AtMostOnce);

    [GlobalCleanup]
    public async Task Cleanup() => await _connection.DisposeAsync();
}
