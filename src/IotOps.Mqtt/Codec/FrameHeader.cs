namespace IotOps.Mqtt.Codec;

/// <summary>The first bytes of a packet: what it is, and where it ends.</summary>
internal readonly record struct FrameHeader(byte First, int HeaderLength, int BodyLength)
{
    public PacketType Type => (PacketType)(First >> 4);

    public int Flags => First & 0x0F;

    /// <summary>Of a PUBLISH.</summary>
    public bool IsQoS1 => (Flags & 6) == 2;

    public int Length => HeaderLength + BodyLength;

    /// <summary>False when more bytes are needed to know.</summary>
    /// <exception cref="MqttException">The length is malformed.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        if (bytes.IsEmpty || !PacketReader.TryVariableInteger(bytes[1..], out int body, out int length))
        {
            header = default;
            return false;
        }

        header = new FrameHeader(bytes[0], 1 + length, body);
        return true;
    }
}
