using System.Text;
using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>SUBSCRIBE, UNSUBSCRIBE and what answers them (OASIS MQTT 5.0, 3.8 to 3.11).</summary>
internal static class SubscribeCodec
{
    private const int RequiredFlags = 0x02;
    private const int NoLocalFlag = 0x04;
    private const int Header = 16;

    private static readonly ulong Allowed = PropertyReader.Bit(ReasonString) | PropertyReader.Bit(UserProperty);

    public static byte[] WriteSubscribe(MqttProtocolVersion version, ushort packetId, IReadOnlyList<TopicSubscription> filters)
    {
        int length = Header;
        foreach (TopicSubscription filter in filters)
        {
            length += 3 + Encoding.UTF8.GetByteCount(filter.Filter);
        }

        byte[] scratch = new byte[length];
        var writer = new PacketWriter(scratch);
        int body = Begin(ref writer, PacketType.Subscribe, version, packetId, filters[0].Identifier);
        foreach (TopicSubscription filter in filters)
        {
            writer.String(filter.Filter);
            int noLocal = filter.NoLocal && version == MqttProtocolVersion.V5 ? NoLocalFlag : 0;
            writer.Byte((byte)((int)filter.QualityOfService | noLocal));
        }

        writer.EndSized(body);
        return scratch[..writer.Position];
    }

    public static byte[] WriteUnsubscribe(MqttProtocolVersion version, ushort packetId, IReadOnlyList<string> filters)
    {
        int length = Header;
        foreach (string filter in filters)
        {
            length += 2 + Encoding.UTF8.GetByteCount(filter);
        }

        byte[] scratch = new byte[length];
        var writer = new PacketWriter(scratch);
        int body = Begin(ref writer, PacketType.Unsubscribe, version, packetId);
        foreach (string filter in filters)
        {
            writer.String(filter);
        }

        writer.EndSized(body);
        return scratch[..writer.Position];
    }

    /// <summary>The packet id and a reason for each filter; MQTT 3.1.1 gives no reasons in an UNSUBACK.</summary>
    public static ushort ReadAcknowledgement(FrameHeader header, ReadOnlySpan<byte> body, MqttProtocolVersion version, out byte[] reasons)
    {
        var reader = new PacketReader(body);
        ushort id = reader.PacketId();
        if (version == MqttProtocolVersion.V5)
        {
            ReadProperties(reader.Properties());
        }

        reasons = reader.Rest().ToArray();
        foreach (byte reason in reasons)
        {
            if (header.Type == PacketType.SubAck && reason is > 1 and < 0x80)
            {
                throw Malformed.Protocol($"a SUBACK grants 0x{reason:X2}, which was not asked for");
            }

            if (version == MqttProtocolVersion.V311 && reason > 0x80)
            {
                throw Malformed.Protocol($"a SUBACK has the return code 0x{reason:X2}, which MQTT 3.1.1 does not have");
            }
        }

        return id;
    }

    private static int Begin(ref PacketWriter writer, PacketType type, MqttProtocolVersion version, ushort packetId, int identifier = 0)
    {
        writer.Byte((byte)(((int)type << 4) | RequiredFlags));
        int body = writer.BeginSized();
        writer.UInt16(packetId);
        if (version == MqttProtocolVersion.V5)
        {
            writer.VariableInteger(identifier == 0 ? 0 : 1 + PacketWriter.VariableIntegerLength(identifier));
            if (identifier != 0)
            {
                writer.Byte((byte)SubscriptionIdentifier);
                writer.VariableInteger(identifier);
            }
        }

        return body;
    }

    private static void ReadProperties(ReadOnlySpan<byte> section)
    {
        var properties = new PropertyReader(section, Allowed);
        while (properties.Next(out PropertyId id))
        {
            properties.Skip(id);
        }
    }
}
