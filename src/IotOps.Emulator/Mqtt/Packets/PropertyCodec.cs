using System.Buffers;

namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Property lists: their length, then each id and its value.</summary>
internal static class PropertyCodec
{
    /// <summary>Reads a list.</summary>
    /// <param name="source">Stands at the list's length.</param>
    /// <param name="place">The packet; null is the will.</param>
    public static PropertyBag Read(ref WireReader source, PacketType? place)
    {
        uint length = source.VariableInteger();
        if (length == 0)
        {
            return PropertyBag.Empty;
        }

        var list = new WireReader(source.Take((int)length));
        var properties = new List<Property>(4);
        while (!list.IsAtEnd)
        {
            // A variable byte integer, of which every id in use is a single byte.
            uint raw = list.VariableInteger();
            var id = (PropertyId)Math.Min(raw, byte.MaxValue);
            var rule = PropertyRule.Of(id);
            if (rule.Kind == PropertyKind.None || !rule.IsAllowedIn(place))
            {
                throw ProtocolViolation.Malformed($"Property 0x{raw:X2} has no place in {place?.ToString() ?? "the will"}.");
            }

            if (id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier) && properties.Exists(p => p.Id == id))
            {
                throw ProtocolViolation.Protocol($"Property {id} occurs twice.");
            }

            properties.Add(Checked(ReadValue(ref list, id, rule.Kind)));
        }

        return new PropertyBag(properties);
    }

    public static void Write(IBufferWriter<byte> target, PropertyBag properties)
    {
        if (properties.All.Count == 0)
        {
            target.Byte(0);
            return;
        }

        var list = new ArrayBufferWriter<byte>(64);
        foreach (Property property in properties.All)
        {
            list.Byte((byte)property.Id);
            WriteValue(list, property);
        }

        target.VariableInteger((uint)list.WrittenCount);
        target.Write(list.WrittenSpan);
    }

    private static Property ReadValue(ref WireReader source, PropertyId id, PropertyKind kind) => kind switch
    {
        PropertyKind.Byte => new Property(id, source.Byte()),
        PropertyKind.TwoBytes => new Property(id, source.TwoBytes()),
        PropertyKind.FourBytes => new Property(id, source.FourBytes()),
        PropertyKind.VariableInteger => new Property(id, source.VariableInteger()),
        PropertyKind.Text => new Property(id, Text: source.Text()),
        PropertyKind.TextPair => new Property(id, Text: source.Text(), Value: source.Text()),
        _ => new Property(id, Data: source.Binary().ToArray()),
    };

    private static void WriteValue(IBufferWriter<byte> target, Property property)
    {
        switch (PropertyRule.Of(property.Id).Kind)
        {
            case PropertyKind.Byte:
                target.Byte((byte)property.Number);
                break;
            case PropertyKind.TwoBytes:
                target.TwoBytes((ushort)property.Number);
                break;
            case PropertyKind.FourBytes:
                target.FourBytes(property.Number);
                break;
            case PropertyKind.VariableInteger:
                target.VariableInteger(property.Number);
                break;
            case PropertyKind.Text:
                target.Text(property.Text);
                break;
            case PropertyKind.TextPair:
                target.Text(property.Text);
                target.Text(property.Value);
                break;
            default:
                target.Binary(property.Data.Span);
                break;
        }
    }

    // Values that the standard calls protocol errors wherever they occur.
    private static Property Checked(Property property)
    {
        bool isWrong = property.Id switch
        {
            PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier => property.Number == 0,
            PropertyId.PayloadFormat or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
                or PropertyId.MaximumQoS or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
                or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable => property.Number > 1,
            _ => false,
        };
        return isWrong ? throw ProtocolViolation.Protocol($"Property {property.Id} cannot be {property.Number}.") : property;
    }
}
