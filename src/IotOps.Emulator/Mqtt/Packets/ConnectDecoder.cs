namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Reads CONNECT, the packet with the most fields.</summary>
internal static class ConnectDecoder
{
    public static ConnectPacket Decode(ref WireReader source)
    {
        byte version = Version(ref source);
        byte flags = source.Byte();
        bool hasWill = (flags & 4) != 0;
        byte willQoS = (byte)((flags >> 3) & 3);
        bool willRetain = (flags & 0x20) != 0;
        bool hasPassword = (flags & 0x40) != 0;
        bool hasUserName = (flags & 0x80) != 0;
        if ((flags & 1) != 0 || willQoS == 3 || (!hasWill && (willQoS > 0 || willRetain)) || (version < 5 && hasPassword && !hasUserName))
        {
            throw ProtocolViolation.Malformed($"Connect flags 0x{flags:X2} contradict themselves.");
        }

        ushort keepAlive = source.TwoBytes();
        PropertyBag properties = version < 5 ? PropertyBag.Empty : PropertyCodec.Read(ref source, PacketType.Connect);
        string clientId = source.Text();
        PublishPacket? will = hasWill ? Will(ref source, version, willQoS, willRetain) : null;
        return new ConnectPacket
        {
            Version = version,
            CleanStart = (flags & 2) != 0,
            KeepAliveSeconds = keepAlive,
            ClientId = clientId,
            Will = will,
            UserName = hasUserName ? source.Text() : null,
            Password = hasPassword ? source.Binary().ToArray() : null,
            Properties = properties,
        };
    }

    /// <summary>The version that a CONNECT's body asks for, supported or not; 0 when it does not even say that.</summary>
    public static byte VersionOf(ReadOnlySpan<byte> body) =>
        body.Length >= 7 && body[..6].SequenceEqual("\0\u0004MQTT"u8) ? body[6] : (byte)0;

    private static byte Version(ref WireReader source)
    {
        string name = source.Text();
        if (name is not ("MQTT" or "MQIsdp"))
        {
            throw ProtocolViolation.Malformed($"The protocol is '{name}', not MQTT.");
        }

        byte version = source.Byte();
        return name == "MQTT" && version is 4 or 5
            ? version
            : throw new ProtocolViolation(ReasonCode.UnsupportedProtocolVersion, $"Protocol version {version} is not 4 (MQTT 3.1.1) or 5.");
    }

    private static PublishPacket Will(ref WireReader source, byte version, byte qos, bool retain)
    {
        PropertyBag properties = version < 5 ? PropertyBag.Empty : PropertyCodec.Read(ref source, place: null);
        string topic = source.Text();
        return new PublishPacket(topic, source.Binary().ToArray()) { QoS = qos, Retain = retain, Properties = properties };
    }
}
