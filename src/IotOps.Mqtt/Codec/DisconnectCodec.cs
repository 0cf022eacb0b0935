using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>DISCONNECT (OASIS MQTT 5.0, 3.14), which in MQTT 3.1.1 only the client sends, and without a reason.</summary>
internal static class DisconnectCodec
{
    private static readonly ulong Allowed = PropertyReader.Bit(ReasonString) | PropertyReader.Bit(UserProperty)
        | PropertyReader.Bit(ServerReference) | PropertyReader.Bit(SessionExpiryInterval);

    public static byte[] Write(MqttProtocolVersion version, MqttReasonCode reason) =>
        version == MqttProtocolVersion.V5 && reason != MqttReasonCode.Success
            ? [(int)PacketType.Disconnect << 4, 1, (byte)reason]
            : [(int)PacketType.Disconnect << 4, 0];

    public static MqttReasonCode Read(ReadOnlySpan<byte> body, MqttProtocolVersion version, out string? text)
    {
        if (version != MqttProtocolVersion.V5)
        {
            throw Malformed.Protocol("a broker of MQTT 3.1.1 sent a DISCONNECT");
        }

        var reader = new PacketReader(body);
        MqttReasonCode reason = reader.AtEnd ? MqttReasonCode.Success : (MqttReasonCode)reader.Byte();
        text = reader.AtEnd ? null : ReadReasonString(reader.Properties(), Allowed);
        reader.End("a DISCONNECT");
        return reason;
    }

    public static string? ReadReasonString(ReadOnlySpan<byte> section, ulong allowed)
    {
        string? text = null;
        var properties = new PropertyReader(section, allowed);
        while (properties.Next(out PropertyId id))
        {
            if (id == ReasonString)
            {
                text = properties.Value.String();
            }
            else
            {
                properties.Skip(id);
            }
        }

        return text;
    }
}
