namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Reads one packet of MQTT 3.1.1 (version 4) or MQTT 5, as either side may send it.</summary>
internal static class PacketDecoder
{
    /// <summary>Reads a packet that has arrived whole.</summary>
    /// <param name="header">Its first byte.</param>
    /// <param name="body">What follows the remaining length.</param>
    /// <param name="version">4 or 5; a CONNECT says so itself.</param>
    /// <exception cref="ProtocolViolation">It cannot be read, or the standard forbids it.</exception>
    public static Packet Decode(byte header, ReadOnlySpan<byte> body, byte version)
    {
        var type = (PacketType)(header >> 4);
        int flags = header & 0x0F;
        int expected = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;
        if ((int)type == 0 || (type == PacketType.Auth && version < 5) || (type != PacketType.Publish && flags != expected))
        {
            throw ProtocolViolation.Malformed($"No packet begins with 0x{header:X2}.");
        }

        var source = new WireReader(body);
        Packet packet = type switch
        {
            PacketType.Connect => ConnectDecoder.Decode(ref source),
            PacketType.ConnAck => ConnAck(ref source, version),
            PacketType.Publish => Publish(ref source, flags, version),
            PacketType.Subscribe => Subscribe(ref source, version),
            PacketType.Unsubscribe => Unsubscribe(ref source, version),
            PacketType.SubAck or PacketType.UnsubAck => SubscriptionAck(ref source, type, version),
            PacketType.PingReq or PacketType.PingResp => new PingPacket(type),
            PacketType.Disconnect or PacketType.Auth => Reason(ref source, type, version),
            _ => Ack(ref source, type, version),
        };
        source.End();
        return packet;
    }

    private static ConnAckPacket ConnAck(ref WireReader source, byte version)
    {
        byte flags = source.Byte();
        return flags > 1
            ? throw ProtocolViolation.Malformed("A CONNACK has reserved flags.")
            : new ConnAckPacket(flags == 1, source.Byte()) { Properties = Properties(ref source, PacketType.ConnAck, version) };
    }

    private static PublishPacket Publish(ref WireReader source, int flags, byte version)
    {
        int qos = (flags >> 1) & 3;
        bool duplicate = (flags & 8) != 0;
        if (qos == 3 || (qos == 0 && duplicate))
        {
            throw ProtocolViolation.Malformed("A PUBLISH has both bits of QoS set, or DUP without a QoS.");
        }

        string topic = source.Text();
        ushort packetId = qos > 0 ? PacketId(ref source) : (ushort)0;
        PropertyBag properties = Properties(ref source, PacketType.Publish, version);
        return new PublishPacket(topic, source.Rest().ToArray())
        {
            QoS = (byte)qos,
            Retain = (flags & 1) != 0,
            Duplicate = duplicate,
            PacketId = packetId,
            Properties = properties,
        };
    }

    private static AckPacket Ack(ref WireReader source, PacketType type, byte version)
    {
        ushort packetId = PacketId(ref source);

        // MQTT 5 lets the end be left out: success without properties.
        ReasonCode reason = version < 5 || source.IsAtEnd ? ReasonCode.Success : (ReasonCode)source.Byte();
        PropertyBag properties = source.IsAtEnd ? PropertyBag.Empty : Properties(ref source, type, version);
        return new AckPacket(type, packetId, reason) { Properties = properties };
    }

    private static SubscribePacket Subscribe(ref WireReader source, byte version)
    {
        ushort packetId = PacketId(ref source);
        PropertyBag properties = Properties(ref source, PacketType.Subscribe, version);
        var requests = new List<SubscriptionRequest>();
        while (!source.IsAtEnd)
        {
            string filter = source.Text();
            byte options = source.Byte();
            int handling = (options >> 4) & 3;
            if ((options & 3) == 3 || handling == 3 || (options & (version < 5 ? 0xFC : 0xC0)) != 0)
            {
                throw ProtocolViolation.Malformed($"Subscription options 0x{options:X2} do not exist.");
            }

            requests.Add(new SubscriptionRequest(filter, (byte)(options & 3), (options & 4) != 0, (options & 8) != 0, (byte)handling));
        }

        return requests.Count == 0
            ? throw ProtocolViolation.Protocol("A SUBSCRIBE has no topic filter.")
            : new SubscribePacket(packetId, requests) { Properties = properties };
    }

    private static UnsubscribePacket Unsubscribe(ref WireReader source, byte version)
    {
        ushort packetId = PacketId(ref source);
        PropertyBag properties = Properties(ref source, PacketType.Unsubscribe, version);
        var filters = new List<string>();
        while (!source.IsAtEnd)
        {
            filters.Add(source.Text());
        }

        return filters.Count == 0
            ? throw ProtocolViolation.Protocol("An UNSUBSCRIBE has no topic filter.")
            : new UnsubscribePacket(packetId, filters) { Properties = properties };
    }

    private static SubscriptionAckPacket SubscriptionAck(ref WireReader source, PacketType type, byte version)
    {
        ushort packetId = PacketId(ref source);
        PropertyBag properties = Properties(ref source, type, version);
        return new SubscriptionAckPacket(type, packetId, source.Rest().ToArray()) { Properties = properties };
    }

    private static ReasonPacket Reason(ref WireReader source, PacketType type, byte version)
    {
        ReasonCode reason = version < 5 || source.IsAtEnd ? ReasonCode.Success : (ReasonCode)source.Byte();
        PropertyBag properties = source.IsAtEnd ? PropertyBag.Empty : Properties(ref source, type, version);
        return new ReasonPacket(type, reason) { Properties = properties };
    }

    private static ushort PacketId(ref WireReader source) =>
        source.TwoBytes() is var id and > 0 ? id : throw ProtocolViolation.Protocol("A packet identifier is 0.");

    private static PropertyBag Properties(ref WireReader source, PacketType place, byte version) =>
        version < 5 ? PropertyBag.Empty : PropertyCodec.Read(ref source, place);
}
