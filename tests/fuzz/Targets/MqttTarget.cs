using System.Text;
using IotOps.Mqtt;
using IotOps.Mqtt.Codec;

namespace IotOps.Fuzz.Targets;

/// <summary>A broker's bytes. The first one says which MQTT it is.</summary>
internal sealed class MqttTarget : IFuzzTarget
{
    public string Name => "mqtt";

    public IEnumerable<byte[]> Seeds =>
    [
        [5, 0x20, 3, 0, 0, 0],
        [4, 0x20, 2, 0, 0],
        [5, 0x20, 9, 0, 0, 6, 0x21, 0, 10, 0x22, 0, 8],
        [5, 0x30, 8, 0, 3, .. "a/b"u8, 0, .. "hi"u8],
        [4, 0x32, 9, 0, 3, .. "a/b"u8, 0, 1, .. "hi"u8],
        [5, 0x32, 26, 0, 3, .. "a/b"u8, 0, 1, 16, 0x26, 0, 1, (byte)'k', 0, 1, (byte)'v', 0x0B, 5, 0x23, 0, 1, 0x01, 1, 0x08, 0, 0, (byte)'x'],
        [5, 0x40, 4, 0, 1, 0x10, 0],
        [5, 0x90, 4, 0, 1, 0, 1],
        [4, 0x90, 3, 0, 1, 1],
        [5, 0xB0, 4, 0, 1, 0, 0],
        [5, 0xD0, 0, 0xE0, 2, 0x8D, 0],
    ];

    public IEnumerable<byte[]> Words =>
    [
        [0x30, 0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF], [0x26, 0, 1, (byte)'a', 0, 1, (byte)'b'], [0x0B, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x1F, 0, 2, (byte)'n', (byte)'o'], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x23, 0, 0], [0x02, 0, 0, 0, 1], [0x08, 0, 1, (byte)'r'], [0x09, 0, 1, 0], .. FuzzTargets.Bytes("$aws/things/t/shadow", "#", "+"),
    ];

    public ulong Run(byte[] input)
    {
        var way = default(Way);
        if (input.Length == 0)
        {
            return 0;
        }

        MqttProtocolVersion version = (input[0] & 1) == 0 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V5;
        way.Add((ulong)version);
        ReadOnlySpan<byte> rest = input.AsSpan(1);
        int packets = 0;
        try
        {
            while (FrameHeader.TryRead(rest, out FrameHeader header))
            {
                BrokenPromiseException.Unless(header is { HeaderLength: >= 2 and <= 5, BodyLength: >= 0 }, "a header has 2 to 5 bytes");
                if (packets++ == 0)
                {
                    way.Add(header.First);
                }

                if (header.Length > rest.Length)
                {
                    if (header.Type == PacketType.Publish)
                    {
                        Beginning(header, rest[header.HeaderLength..], version, ref way);
                    }

                    break;
                }

                // Any row of packets would be a way of its own; two of them show what there is.
                Way ignored = way;
                Packet(header, rest.Slice(header.HeaderLength, header.BodyLength), version, ref packets > 2 ? ref ignored : ref way);
                rest = rest[header.Length..];
            }
        }
        catch (MqttException e)
        {
            way.Text(e.Message);
        }

        return way.Hash;
    }

    private static void Packet(FrameHeader header, ReadOnlySpan<byte> body, MqttProtocolVersion version, ref Way way)
    {
        switch (header.Type)
        {
            case PacketType.Publish:
                PublishCodec.TopicOf(body);
                Publish(PublishCodec.Read(header, body, version), version, ref way);
                break;
            case PacketType.ConnAck:
                way.Add((ulong)ConnAckPacket.Read(header, body, version).Reason);
                break;
            case PacketType.PubAck:
                PubAckCodec.IdOf(body);
                PubAckCodec.Read(body, version, out MqttReasonCode reason, out _);
                way.Add((ulong)reason);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                SubscribeCodec.ReadAcknowledgement(header, body, version, out byte[] reasons);
                way.Count(reasons.Length);
                break;
            case PacketType.Disconnect:
                way.Add((ulong)DisconnectCodec.Read(body, version, out _));
                break;
        }
    }

    private static void Beginning(FrameHeader header, ReadOnlySpan<byte> beginning, MqttProtocolVersion version, ref Way way)
    {
        PublishPacket packet = PublishCodec.ReadBeginning(header, beginning, version);
        way.Count(packet.Topic.Length);
    }

    // What was read is written again and read again.
    private static void Publish(PublishPacket packet, MqttProtocolVersion version, ref Way way)
    {
        way.Count(packet.Payload.Length);
        way.Add(packet.Properties is null ? 0UL : 1);
        way.Count(packet.OtherIdentifiers?.Count ?? 0);
        if (packet.Topic.IsEmpty)
        {
            return;
        }

        string topic = PacketReader.Decode(packet.Topic);
        int length = PublishCodec.BodyLength(version, packet.Topic.Length, packet.QualityOfService, packet.Payload.Length, packet.Properties);
        byte[] written = new byte[PublishCodec.Length(length)];
        PublishCodec.Write(written, version, length, topic, packet.Payload, packet.QualityOfService, packet.PacketId, packet.Duplicate, packet.Properties);
        BrokenPromiseException.Unless(FrameHeader.TryRead(written, out FrameHeader header) && header.Length == written.Length, "what was written has its length");
        PublishPacket again = PublishCodec.Read(header, written.AsSpan(header.HeaderLength), version);
        BrokenPromiseException.Unless(
            again.Topic.SequenceEqual(packet.Topic) && again.Payload.SequenceEqual(packet.Payload) && again.PacketId == packet.PacketId
                && Text(again.Properties) == Text(packet.Properties),
            "what was written is what was read");
    }

    private static string Text(MqttPublishOptions? options)
    {
        var text = new StringBuilder();
        text.Append(options?.ContentType).Append('|').Append(options?.ResponseTopic).Append('|').Append(options?.MessageExpiry).Append('|');
        foreach ((string name, string value) in options?.UserProperties ?? [])
        {
            text.Append(name).Append('=').Append(value).Append('&');
        }

        return text.ToString();
    }
}
