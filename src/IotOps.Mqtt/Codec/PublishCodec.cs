using System.Text;
using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>PUBLISH (OASIS MQTT 5.0, 3.3).</summary>
internal static class PublishCodec
{
    private const int Duplicate = 0x08;
    private const int Retain = 0x01;

    private static readonly ulong Allowed = PropertyReader.Bit(PayloadFormatIndicator) | PropertyReader.Bit(MessageExpiryInterval)
        | PropertyReader.Bit(ContentType) | PropertyReader.Bit(ResponseTopic) | PropertyReader.Bit(CorrelationData)
        | PropertyReader.Bit(SubscriptionIdentifier) | PropertyReader.Bit(TopicAlias) | PropertyReader.Bit(UserProperty);

    /// <summary>Bytes after the fixed header.</summary>
    public static int BodyLength(MqttProtocolVersion version, int topicBytes, MqttQualityOfService qos, int payloadBytes, MqttPublishOptions? options)
    {
        int length = 2 + topicBytes + 2 * (int)qos + payloadBytes;
        if (version == MqttProtocolVersion.V5)
        {
            int properties = PropertiesLength(options);
            length += PacketWriter.VariableIntegerLength(properties) + properties;
        }

        return length;
    }

    public static int Length(int bodyLength) => 1 + PacketWriter.VariableIntegerLength(bodyLength) + bodyLength;

    /// <summary>Writes a packet into exactly <see cref="Length"/> bytes.</summary>
    public static void Write(
        Span<byte> destination, MqttProtocolVersion version, int bodyLength, string topic, ReadOnlySpan<byte> payload,
        MqttQualityOfService qos, ushort packetId, bool duplicate, MqttPublishOptions? options)
    {
        var writer = new PacketWriter(destination);
        int flags = ((int)qos << 1) | (duplicate ? Duplicate : 0) | (options is { Retain: true } ? Retain : 0);
        writer.Byte((byte)(((int)PacketType.Publish << 4) | flags));
        writer.VariableInteger(bodyLength);
        writer.String(topic);
        if (qos != MqttQualityOfService.AtMostOnce)
        {
            writer.UInt16(packetId);
        }

        if (version == MqttProtocolVersion.V5)
        {
            writer.VariableInteger(PropertiesLength(options));
            WriteProperties(ref writer, options);
        }

        writer.Bytes(payload);
    }

    /// <summary>Reads what follows the fixed header.</summary>
    public static PublishPacket Read(FrameHeader header, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        int qos = (header.Flags >> 1) & 3;
        bool duplicate = (header.Flags & Duplicate) != 0;
        switch (qos)
        {
            case 3:
                throw Malformed.Packet("a PUBLISH has QoS 3");
            case 2:
                throw Malformed.Protocol("a PUBLISH has QoS 2, which was not asked for", MqttReasonCode.QoSNotSupported);
            case 0 when duplicate:
                throw Malformed.Protocol("a PUBLISH with QoS 0 says it is a duplicate");
            default:
                break;
        }

        var reader = new PacketReader(body);
        var packet = new PublishPacket
        {
            Topic = reader.Binary(),
            QualityOfService = (MqttQualityOfService)qos,
            Duplicate = duplicate,
            Retain = (header.Flags & Retain) != 0,
        };
        if (qos != 0)
        {
            packet.PacketId = reader.PacketId();
        }

        if (version == MqttProtocolVersion.V5)
        {
            ReadProperties(reader.Properties(), ref packet);
        }

        packet.Payload = reader.Rest();
        return packet;
    }

    /// <summary>Reads what is there of a packet of which only the beginning is; properties that are not all there are left out.</summary>
    public static PublishPacket ReadBeginning(FrameHeader header, ReadOnlySpan<byte> beginning, MqttProtocolVersion version)
    {
        var reader = new PacketReader(beginning);
        reader.Binary();
        if (header.IsQoS1)
        {
            reader.PacketId();
        }

        bool isWhole = version != MqttProtocolVersion.V5 || reader.HasProperties;
        return Read(header, isWhole ? beginning : beginning[..^reader.Rest().Length], isWhole ? version : MqttProtocolVersion.V311);
    }

    /// <summary>The topic of a packet that cannot be read, for messages; empty when it is not there, or no text.</summary>
    public static string TopicOf(ReadOnlySpan<byte> body)
    {
        try
        {
            return new PacketReader(body).String();
        }
        catch (MqttException)
        {
            return "";
        }
    }

    public static int PropertiesLength(MqttPublishOptions? options)
    {
        if (options is null)
        {
            return 0;
        }

        int length = (options.PayloadIsUtf8 ? 2 : 0) + (options.MessageExpiry is null ? 0 : 5);
        length += options.ContentType is { } type ? StringLength(type) + 1 : 0;
        length += options.ResponseTopic is { } response ? StringLength(response) + 1 : 0;
        length += options.CorrelationData.IsEmpty ? 0 : 3 + options.CorrelationData.Length;
        IReadOnlyList<KeyValuePair<string, string>> pairs = options.UserProperties;
        for (int i = 0; i < pairs.Count; i++)
        {
            length += 1 + StringLength(pairs[i].Key) + StringLength(pairs[i].Value);
        }

        return length;
    }

    public static void WriteProperties(ref PacketWriter writer, MqttPublishOptions? options)
    {
        if (options is null)
        {
            return;
        }

        if (options.PayloadIsUtf8)
        {
            writer.Byte((byte)PayloadFormatIndicator);
            writer.Byte(1);
        }

        if (options.MessageExpiry is { } expiry)
        {
            writer.Seconds(MessageExpiryInterval, expiry);
        }

        if (options.ContentType is { } type)
        {
            writer.Byte((byte)ContentType);
            writer.String(type);
        }

        if (options.ResponseTopic is { } response)
        {
            writer.Byte((byte)ResponseTopic);
            writer.String(response);
        }

        if (!options.CorrelationData.IsEmpty)
        {
            writer.Byte((byte)CorrelationData);
            writer.Binary(options.CorrelationData.Span);
        }

        writer.UserProperties(options.UserProperties);
    }

    private static int StringLength(string value) => 2 + Encoding.UTF8.GetByteCount(value);

    private static void ReadProperties(ReadOnlySpan<byte> section, ref PublishPacket packet)
    {
        if (section.IsEmpty)
        {
            return;
        }

        var properties = new PropertyReader(section, Allowed);
        bool utf8 = false, any = false;
        TimeSpan? expiry = null;
        string? type = null, response = null;
        byte[] correlation = [];
        List<KeyValuePair<string, string>>? pairs = null;
        while (properties.Next(out PropertyId id))
        {
            any |= id is not (TopicAlias or SubscriptionIdentifier);
            switch (id)
            {
                case PayloadFormatIndicator:
                    utf8 = properties.Flag(id);
                    break;
                case MessageExpiryInterval:
                    expiry = TimeSpan.FromSeconds(properties.Value.UInt32());
                    break;
                case ContentType:
                    type = properties.Value.String();
                    break;
                case ResponseTopic:
                    response = properties.Value.String();
                    if (!MqttTopic.IsName(response))
                    {
                        throw Malformed.Protocol("a response topic is empty or has wildcards");
                    }

                    break;
                case CorrelationData:
                    correlation = properties.Value.Binary().ToArray();
                    break;
                case TopicAlias:
                    packet.TopicAlias = properties.Value.UInt16();
                    if (packet.TopicAlias == 0)
                    {
                        throw Malformed.Protocol("a topic alias is zero", MqttReasonCode.TopicAliasInvalid);
                    }

                    break;
                case SubscriptionIdentifier:
                    ReadIdentifier(properties.Value.VariableInteger(), ref packet);
                    break;
                case UserProperty:
                    (pairs ??= []).Add(new(properties.Value.String(), properties.Value.String()));
                    break;
                default:
                    properties.Skip(id);
                    break;
            }
        }

        if (any)
        {
            packet.Properties = new MqttPublishOptions
            {
                Retain = packet.Retain,
                PayloadIsUtf8 = utf8,
                MessageExpiry = expiry,
                ContentType = type,
                ResponseTopic = response,
                CorrelationData = correlation,
                UserProperties = pairs is null ? [] : pairs,
            };
        }
    }

    private static void ReadIdentifier(int identifier, ref PublishPacket packet)
    {
        if (identifier == 0)
        {
            throw Malformed.Protocol("a subscription identifier is zero");
        }

        if (packet.Identifier == 0)
        {
            packet.Identifier = identifier;
        }
        else
        {
            (packet.OtherIdentifiers ??= []).Add(identifier);
        }
    }
}
