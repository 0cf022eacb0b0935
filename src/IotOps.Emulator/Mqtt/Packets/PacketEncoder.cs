using System.Buffers;

namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Writes one packet for MQTT 3.1.1 (version 4) or MQTT 5, as either side may send it.</summary>
internal static class PacketEncoder
{
    /// <summary>Appends a packet.</summary>
    public static void Encode(IBufferWriter<byte> target, Packet packet, byte version)
    {
        var body = new ArrayBufferWriter<byte>(packet is PublishPacket large ? large.Payload.Length + 256 : 64);
        WriteBody(body, packet, version);
        target.Byte((byte)(((int)packet.Type << 4) | Flags(packet)));
        target.VariableInteger((uint)body.WrittenCount);
        target.Write(body.WrittenSpan);
    }

    /// <summary>A packet by itself.</summary>
    public static byte[] Encode(Packet packet, byte version)
    {
        var target = new ArrayBufferWriter<byte>(64);
        Encode(target, packet, version);
        return target.WrittenSpan.ToArray();
    }

    private static int Flags(Packet packet) => packet switch
    {
        PublishPacket p => (p.Duplicate ? 8 : 0) | (p.QoS << 1) | (p.Retain ? 1 : 0),
        { Type: PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe } => 2,
        _ => 0,
    };

    private static void WriteBody(ArrayBufferWriter<byte> body, Packet packet, byte version)
    {
        switch (packet)
        {
            case ConnectPacket connect:
                WriteConnect(body, connect);
                break;
            case ConnAckPacket connAck:
                body.Byte((byte)(connAck.SessionPresent ? 1 : 0));
                body.Byte(connAck.Code);
                WriteProperties(body, packet, version);
                break;
            case PublishPacket publish:
                body.Text(publish.Topic);
                if (publish.QoS > 0)
                {
                    body.TwoBytes(publish.PacketId);
                }

                WriteProperties(body, packet, version);
                body.Write(publish.Payload.Span);
                break;
            case AckPacket ack:
                body.TwoBytes(ack.PacketId);
                WriteReason(body, ack.Reason, packet, version);
                break;
            case SubscribePacket subscribe:
                body.TwoBytes(subscribe.PacketId);
                WriteProperties(body, packet, version);
                foreach (SubscriptionRequest request in subscribe.Requests)
                {
                    body.Text(request.Filter);
                    body.Byte(Options(request, version));
                }

                break;
            case UnsubscribePacket unsubscribe:
                body.TwoBytes(unsubscribe.PacketId);
                WriteProperties(body, packet, version);
                foreach (string filter in unsubscribe.Filters)
                {
                    body.Text(filter);
                }

                break;
            case SubscriptionAckPacket ack:
                body.TwoBytes(ack.PacketId);
                WriteProperties(body, packet, version);
                if (version >= 5 || ack.Type == PacketType.SubAck)
                {
                    body.Write(ack.Codes.Span);
                }

                break;
            case ReasonPacket reason:
                WriteReason(body, reason.Reason, packet, version);
                break;
        }
    }

    private static byte Options(SubscriptionRequest request, byte version) =>
        version < 5
            ? request.QoS
            : (byte)(request.QoS | (request.NoLocal ? 4 : 0) | (request.RetainAsPublished ? 8 : 0) | (request.RetainHandling << 4));

    private static void WriteConnect(ArrayBufferWriter<byte> body, ConnectPacket connect)
    {
        body.Text("MQTT");
        body.Byte(connect.Version);
        int flags = (connect.CleanStart ? 2 : 0)
            | (connect.Will is { } w ? 4 | (w.QoS << 3) | (w.Retain ? 0x20 : 0) : 0)
            | (connect.Password is null ? 0 : 0x40)
            | (connect.UserName is null ? 0 : 0x80);
        body.Byte((byte)flags);
        body.TwoBytes(connect.KeepAliveSeconds);
        WriteProperties(body, connect, connect.Version);
        body.Text(connect.ClientId);
        if (connect.Will is { } will)
        {
            WriteProperties(body, will, connect.Version);
            body.Text(will.Topic);
            body.Binary(will.Payload.Span);
        }

        if (connect.UserName is { } userName)
        {
            body.Text(userName);
        }

        if (connect.Password is { } password)
        {
            body.Binary(password.Span);
        }
    }

    // The shortest form: MQTT 5 lets a success without properties be left out.
    private static void WriteReason(ArrayBufferWriter<byte> body, ReasonCode reason, Packet packet, byte version)
    {
        bool hasProperties = packet.Properties.All.Count > 0;
        if (version >= 5 && (reason != ReasonCode.Success || hasProperties))
        {
            body.Byte((byte)reason);
            if (hasProperties)
            {
                PropertyCodec.Write(body, packet.Properties);
            }
        }
    }

    private static void WriteProperties(ArrayBufferWriter<byte> body, Packet packet, byte version)
    {
        if (version >= 5)
        {
            PropertyCodec.Write(body, packet.Properties);
        }
    }
}
