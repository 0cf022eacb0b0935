using System.Buffers.Binary;
using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>PUBACK (OASIS MQTT 5.0, 3.4).</summary>
internal static class PubAckCodec
{
    /// <summary>Length of a PUBACK without reason, which means success.</summary>
    public const int Length = 4;

    private static readonly ulong Allowed = PropertyReader.Bit(ReasonString) | PropertyReader.Bit(UserProperty);

    /// <summary>Length of a PUBACK with a reason, which MQTT 3.1.1 does not have.</summary>
    public const int LengthWithReason = 5;

    public static void Write(Span<byte> destination, ushort packetId, MqttReasonCode reason)
    {
        Write(destination, packetId);
        destination[1] = 3;
        destination[4] = (byte)reason;
    }

    public static void Write(Span<byte> destination, ushort packetId)
    {
        destination[0] = (int)PacketType.PubAck << 4;
        destination[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], packetId);
    }

    /// <summary>The id, which is read even where the rest is malformed; zero when there is none. Also of a SUBACK and an UNSUBACK.</summary>
    public static ushort IdOf(ReadOnlySpan<byte> body) => body.Length < 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(body);

    public static ushort Read(ReadOnlySpan<byte> body, MqttProtocolVersion version, out MqttReasonCode reason, out string? text)
    {
        var reader = new PacketReader(body);
        ushort id = reader.PacketId();
        reason = MqttReasonCode.Success;
        text = null;
        if (version == MqttProtocolVersion.V5 && !reader.AtEnd)
        {
            reason = (MqttReasonCode)reader.Byte();
            if (!reader.AtEnd)
            {
                text = DisconnectCodec.ReadReasonString(reader.Properties(), Allowed);
            }
        }

        reader.End("a PUBACK");
        return id;
    }
}
