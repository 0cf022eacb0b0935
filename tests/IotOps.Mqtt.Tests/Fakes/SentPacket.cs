using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>A packet from the client, taken apart by code of the tests' own.</summary>
internal sealed record SentPacket(int Type, int Flags, byte[] Body, byte[] Bytes)
{
    public bool Duplicate => (Flags & 8) != 0;

    public int QoS => (Flags >> 1) & 3;

    /// <summary>Of a PUBLISH.</summary>
    public string Topic => Encoding.UTF8.GetString(Body, 2, (Body[0] << 8) | Body[1]);

    /// <summary>Of a PUBLISH with QoS 1, SUBSCRIBE, UNSUBSCRIBE or PUBACK.</summary>
    public ushort PacketId
    {
        get
        {
            int at = Type == 3 ? 2 + ((Body[0] << 8) | Body[1]) : 0;
            return (ushort)((Body[at] << 8) | Body[at + 1]);
        }
    }

    /// <summary>Of a PUBLISH without properties, in MQTT 5.</summary>
    public string Payload => Encoding.UTF8.GetString(Body.AsSpan(2 + ((Body[0] << 8) | Body[1]) + (QoS > 0 ? 2 : 0) + 1));

    /// <summary>Filters of a SUBSCRIBE or UNSUBSCRIBE in MQTT 5.</summary>
    public string[] Filters => FiltersOf(MqttProtocolVersion.V5);

    /// <summary>Of a SUBSCRIBE in MQTT 5: its identifier; 0 when it has none.</summary>
    public int SubscriptionIdentifier => Body[2] == 0 ? 0 : Variable(Body.AsSpan(4));

    /// <summary>Filters of a SUBSCRIBE or UNSUBSCRIBE.</summary>
    public string[] FiltersOf(MqttProtocolVersion version)
    {
        List<string> filters = [];
        for (int at = version == MqttProtocolVersion.V5 ? 3 + Body[2] : 2; at < Body.Length;)
        {
            int length = (Body[at] << 8) | Body[at + 1];
            filters.Add(Encoding.UTF8.GetString(Body, at + 2, length));
            at += 2 + length + (Type == 8 ? 1 : 0);
        }

        return [.. filters];
    }

    public static bool TryParse(byte[] bytes, [NotNullWhen(true)] out SentPacket? packet, out int length)
    {
        packet = null;
        length = 0;
        int body = 0, at = 1;
        for (int shift = 0; ; shift += 7)
        {
            if (at >= bytes.Length)
            {
                return false;
            }

            byte next = bytes[at++];
            body |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        length = at + body;
        if (bytes.Length < length)
        {
            return false;
        }

        packet = new SentPacket(bytes[0] >> 4, bytes[0] & 15, bytes[at..length], bytes[..length]);
        return true;
    }

    private static int Variable(ReadOnlySpan<byte> bytes)
    {
        int value = 0;
        for (int i = 0; ; i++)
        {
            value |= (bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return value;
            }
        }
    }
}
