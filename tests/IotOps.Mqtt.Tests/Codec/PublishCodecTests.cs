using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Tests.Codec;

/// <summary>PUBLISH on the wire.</summary>
public sealed class PublishCodecTests
{
    [Fact]
    public void In_3_1_1_it_has_no_properties() =>
        Write(MqttProtocolVersion.V311, "a/b", "hi", MqttQualityOfService.AtLeastOnce, 0x1234, duplicate: false, options: null)
            .ShouldBe([0x32, 9, 0, 3, (byte)'a', (byte)'/', (byte)'b', 0x12, 0x34, (byte)'h', (byte)'i']);

    [Fact]
    public void In_5_an_empty_section_of_properties_is_one_byte() =>
        Write(MqttProtocolVersion.V5, "a", "hi", MqttQualityOfService.AtLeastOnce, 1, duplicate: true, options: null)
            .ShouldBe([0x3A, 8, 0, 1, (byte)'a', 0, 1, 0, (byte)'h', (byte)'i']);

    [Fact]
    public void All_that_5_can_say() =>
        Write(MqttProtocolVersion.V5, "a", "", MqttQualityOfService.AtMostOnce, 0, duplicate: false, Everything)
            .ShouldBe(
            [
                0x31, 37, 0, 1, (byte)'a', 33,
                0x01, 1,
                0x02, 0, 0, 0, 90,
                0x03, 0, 3, .. "t/x"u8,
                0x08, 0, 3, .. "r/s"u8,
                0x09, 0, 2, 7, 8,
                0x26, 0, 2, .. "k1"u8, 0, 2, .. "v1"u8,
            ]);

    [Fact]
    public void What_is_written_is_read_again()
    {
        Gen<string> topics = Gen.Elements("a", "a/b/c", "ä/ö", "t" + new string('x', 300));
        Gen<string> payloads = Gen.Elements("", "x", new string('p', 200), new string('q', 20_000));
        Gen<MqttPublishOptions?> options = Gen.Elements<MqttPublishOptions?>(null, new MqttPublishOptions(), Everything, new MqttPublishOptions { Retain = true, ContentType = "" });
        Gen<(string Topic, string Payload, MqttPublishOptions? Options, ushort Id, bool Dup, MqttProtocolVersion Version)> all =
            from topic in topics
            from payload in payloads
            from option in options
            from id in Gen.Choose(0, 65_535)
            from dup in Gen.Elements(true, false)
            from version in Gen.Elements(MqttProtocolVersion.V311, MqttProtocolVersion.V5)
            select (topic, payload, option, (ushort)id, dup, version);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(all.ToArbitrary(), sample =>
        {
            MqttQualityOfService qos = sample.Id == 0 ? MqttQualityOfService.AtMostOnce : MqttQualityOfService.AtLeastOnce;
            byte[] bytes = Write(sample.Version, sample.Topic, sample.Payload, qos, sample.Id, sample.Dup && sample.Id > 0, sample.Options);
            FrameHeader.TryRead(bytes, out FrameHeader header).ShouldBeTrue();
            header.Length.ShouldBe(bytes.Length);
            PublishPacket packet = PublishCodec.Read(header, bytes.AsSpan(header.HeaderLength), sample.Version);
            Encoding.UTF8.GetString(packet.Topic).ShouldBe(sample.Topic);
            Encoding.UTF8.GetString(packet.Payload).ShouldBe(sample.Payload);
            packet.PacketId.ShouldBe(sample.Id);
            packet.QualityOfService.ShouldBe(qos);
            packet.Duplicate.ShouldBe(sample.Dup && sample.Id > 0);
            packet.Retain.ShouldBe(sample.Options is { Retain: true });
            MqttPublishOptions? expected = sample.Version == MqttProtocolVersion.V5 ? sample.Options : null;
            MqttPublishOptions? seen = packet.Properties;
            (seen?.ContentType).ShouldBe(expected?.ContentType);
            (seen?.MessageExpiry).ShouldBe(expected?.MessageExpiry is null ? null : TimeSpan.FromSeconds(90), "seconds are rounded up");
            (seen?.ResponseTopic).ShouldBe(expected?.ResponseTopic);
            (seen?.PayloadIsUtf8 ?? false).ShouldBe(expected?.PayloadIsUtf8 ?? false);
            (seen?.CorrelationData.ToArray() ?? []).ShouldBe(expected?.CorrelationData.ToArray() ?? []);
            (seen?.UserProperties ?? []).ShouldBe(expected?.UserProperties ?? []);
        }));
    }

    private static MqttPublishOptions Everything => new()
    {
        Retain = true,
        PayloadIsUtf8 = true,
        MessageExpiry = TimeSpan.FromSeconds(89.5),
        ContentType = "t/x",
        ResponseTopic = "r/s",
        CorrelationData = new byte[] { 7, 8 },
        UserProperties = [new("k1", "v1")],
    };

    private static byte[] Write(
        MqttProtocolVersion version, string topic, string payload, MqttQualityOfService qos, ushort id, bool duplicate, MqttPublishOptions? options)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(payload);
        int body = PublishCodec.BodyLength(version, Encoding.UTF8.GetByteCount(topic), qos, utf8.Length, options);
        byte[] packet = new byte[PublishCodec.Length(body)];
        PublishCodec.Write(packet, version, body, topic, utf8, qos, id, duplicate, options);
        return packet;
    }
}
