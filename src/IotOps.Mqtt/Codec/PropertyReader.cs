namespace IotOps.Mqtt.Codec;

/// <summary>Walks over the properties of a packet. One that the packet may not have, or has twice, is an error.</summary>
/// <param name="section">The properties, without their length.</param>
/// <param name="allowed">A bit for each property that the packet may have.</param>
internal ref struct PropertyReader(ReadOnlySpan<byte> section, ulong allowed)
{
    public PacketReader Value = new(section);

    private ulong _seen;

    public static ulong Bit(PropertyId id) => 1UL << (int)id;

    public bool Next(out PropertyId id)
    {
        if (Value.AtEnd)
        {
            id = default;
            return false;
        }

        byte raw = Value.Byte();
        id = (PropertyId)raw;
        if (raw > 63 || (allowed & Bit(id)) == 0)
        {
            throw Malformed.Protocol($"property 0x{raw:X2} has no place in this packet");
        }

        if ((_seen & Bit(id)) != 0 && id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier))
        {
            throw Malformed.Protocol($"property 0x{raw:X2} comes twice");
        }

        _seen |= Bit(id);
        return true;
    }

    /// <summary>Steps over a value that nobody here needs, after checking it.</summary>
    public void Skip(PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.MaximumQoS or PropertyId.RetainAvailable
                or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable:
                Flag(id);
                break;
            case PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias:
                Value.UInt16();
                break;
            case PropertyId.MessageExpiryInterval or PropertyId.SessionExpiryInterval or PropertyId.MaximumPacketSize:
                Value.UInt32();
                break;
            case PropertyId.SubscriptionIdentifier:
                if (Value.VariableInteger() == 0)
                {
                    throw Malformed.Protocol("a subscription identifier is zero");
                }

                break;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                Value.Binary();
                break;
            case PropertyId.UserProperty:
                Value.String();
                Value.String();
                break;
            default:
                Value.String();
                break;
        }
    }

    /// <summary>A byte that may only be 0 or 1.</summary>
    public bool Flag(PropertyId id)
    {
        byte value = Value.Byte();
        return value <= 1 ? value == 1 : throw Malformed.Protocol($"property 0x{(byte)id:X2} is {value}, not 0 or 1");
    }

    public ushort NotZero(PropertyId id)
    {
        ushort value = Value.UInt16();
        return value != 0 ? value : throw Malformed.Protocol($"property 0x{(byte)id:X2} is zero");
    }
}
