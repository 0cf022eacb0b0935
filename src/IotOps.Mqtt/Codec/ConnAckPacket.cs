using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>CONNACK (OASIS MQTT 5.0, 3.2): whether the broker accepts, and on what terms.</summary>
internal sealed record ConnAckPacket
{
    // The return codes of MQTT 3.1.1, 3.2.2.3, as their MQTT 5 equals.
    private static readonly MqttReasonCode[] ReturnCodes =
    [
        MqttReasonCode.Success,
        MqttReasonCode.UnsupportedProtocolVersion,
        MqttReasonCode.ClientIdentifierNotValid,
        MqttReasonCode.ServerUnavailable,
        MqttReasonCode.BadUserNameOrPassword,
        MqttReasonCode.NotAuthorized,
    ];

    private static readonly ulong Allowed = PropertyReader.Bit(SessionExpiryInterval) | PropertyReader.Bit(PropertyId.ReceiveMaximum)
        | PropertyReader.Bit(MaximumQoS) | PropertyReader.Bit(PropertyId.RetainAvailable) | PropertyReader.Bit(MaximumPacketSize)
        | PropertyReader.Bit(AssignedClientIdentifier) | PropertyReader.Bit(PropertyId.TopicAliasMaximum) | PropertyReader.Bit(PropertyId.ReasonString)
        | PropertyReader.Bit(UserProperty) | PropertyReader.Bit(WildcardSubscriptionAvailable) | PropertyReader.Bit(SubscriptionIdentifierAvailable)
        | PropertyReader.Bit(SharedSubscriptionAvailable) | PropertyReader.Bit(PropertyId.ServerKeepAlive) | PropertyReader.Bit(ResponseInformation)
        | PropertyReader.Bit(ServerReference) | PropertyReader.Bit(AuthenticationMethod) | PropertyReader.Bit(AuthenticationData);

    public bool SessionPresent { get; init; }

    public MqttReasonCode Reason { get; init; }

    public string? ReasonString { get; private set; }

    public int ReceiveMaximum { get; private set; } = 65_535;

    public bool AcceptsQoS1 { get; private set; } = true;

    public bool RetainAvailable { get; private set; } = true;

    public long MaxPacketBytes { get; private set; } = long.MaxValue;

    public int TopicAliasMaximum { get; private set; }

    /// <summary>Whether a SUBSCRIBE may have an identifier, which then comes with each copy of a message.</summary>
    public bool SubscriptionIdentifiers { get; private set; }

    public TimeSpan? ServerKeepAlive { get; private set; }

    public string? AssignedClientId { get; private set; }

    public static ConnAckPacket Read(FrameHeader header, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if (header.Type != PacketType.ConnAck)
        {
            throw Malformed.Protocol($"the first packet is of type {(int)header.Type}, not a CONNACK");
        }

        if (header.Flags != 0)
        {
            throw Malformed.Packet("the reserved bits of a CONNACK are set");
        }

        var reader = new PacketReader(body);
        byte flags = reader.Byte();
        if (flags > 1)
        {
            throw Malformed.Packet("the reserved flags of a CONNACK are set");
        }

        byte code = reader.Byte();
        var packet = new ConnAckPacket
        {
            SessionPresent = flags == 1,
            SubscriptionIdentifiers = version == MqttProtocolVersion.V5,
            Reason = version == MqttProtocolVersion.V5 ? (MqttReasonCode)code
                : code < ReturnCodes.Length ? ReturnCodes[code]
                : throw Malformed.Protocol($"a CONNACK has the return code {code}, which MQTT 3.1.1 does not have"),
        };
        // A broker that does not speak MQTT 5 answers in 3.1.1: no properties, return code 1.
        if (version == MqttProtocolVersion.V5 && !reader.AtEnd)
        {
            packet.ReadProperties(reader.Properties());
        }
        else if (version == MqttProtocolVersion.V5 && code is > 0 and < 6)
        {
            packet = packet with { Reason = ReturnCodes[code] };
        }
        else if (version == MqttProtocolVersion.V5)
        {
            throw Malformed.Packet("a CONNACK has no properties");
        }

        if (packet is { SessionPresent: true, Reason: not MqttReasonCode.Success })
        {
            throw Malformed.Protocol("a CONNACK refuses and has a session present");
        }

        reader.End("a CONNACK");
        return packet;
    }

    private void ReadProperties(ReadOnlySpan<byte> section)
    {
        var properties = new PropertyReader(section, Allowed);
        while (properties.Next(out PropertyId id))
        {
            switch (id)
            {
                case PropertyId.ReceiveMaximum:
                    ReceiveMaximum = properties.NotZero(id);
                    break;
                case SubscriptionIdentifierAvailable:
                    SubscriptionIdentifiers = properties.Flag(id);
                    break;
                case MaximumQoS:
                    AcceptsQoS1 = properties.Flag(id);
                    break;
                case PropertyId.RetainAvailable:
                    RetainAvailable = properties.Flag(id);
                    break;
                case MaximumPacketSize:
                    uint size = properties.Value.UInt32();
                    MaxPacketBytes = size != 0 ? size : throw Malformed.Protocol("the maximum packet size is zero");
                    break;
                case PropertyId.TopicAliasMaximum:
                    TopicAliasMaximum = properties.Value.UInt16();
                    break;
                case PropertyId.ServerKeepAlive:
                    ServerKeepAlive = TimeSpan.FromSeconds(properties.Value.UInt16());
                    break;
                case AssignedClientIdentifier:
                    AssignedClientId = properties.Value.String();
                    break;
                case PropertyId.ReasonString:
                    ReasonString = properties.Value.String();
                    break;
                default:
                    properties.Skip(id);
                    break;
            }
        }
    }
}
