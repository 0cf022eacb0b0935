using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotOps.Mqtt.Publishing;

/// <summary>Between what a publication says here and what it says in MQTTnet.</summary>
internal static class ApplicationMessages
{
    public static MqttApplicationMessage Of(PublishOperation operation, bool duplicate, MqttProtocolVersion version)
    {
        var message = new MqttApplicationMessage
        {
            Topic = operation.Topic,
            Payload = new ReadOnlySequence<byte>(operation.Payload),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)operation.QualityOfService,
            Dup = duplicate,
        };
        if (operation.Options is not { } options)
        {
            return message;
        }

        message.Retain = options.Retain;
        if (version == MqttProtocolVersion.V5)
        {
            message.MessageExpiryInterval = options.MessageExpiry is { } expiry ? (uint)Math.Clamp(expiry.TotalSeconds, 0, uint.MaxValue) : 0;
            message.ResponseTopic = options.ResponseTopic;
            message.CorrelationData = options.CorrelationData.IsEmpty ? null : options.CorrelationData.ToArray();
            message.ContentType = options.ContentType;
            message.PayloadFormatIndicator = options.PayloadIsUtf8 ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified;
            message.UserProperties = options.UserProperties.Count == 0 ? null : [.. options.UserProperties.Select(Property)];
        }

        return message;
    }

    /// <summary>What a message says beside its payload; null when it says nothing.</summary>
    public static MqttPublishOptions? PropertiesOf(MqttApplicationMessage message)
    {
        bool any = message.MessageExpiryInterval > 0 || message.ResponseTopic is not null || message.CorrelationData is { Length: > 0 }
            || message.ContentType is not null || message.PayloadFormatIndicator == MqttPayloadFormatIndicator.CharacterData || message.UserProperties is { Count: > 0 };
        return !any ? null : new MqttPublishOptions
        {
            Retain = message.Retain,
            MessageExpiry = message.MessageExpiryInterval > 0 ? TimeSpan.FromSeconds(message.MessageExpiryInterval) : null,
            ResponseTopic = message.ResponseTopic,
            CorrelationData = message.CorrelationData,
            ContentType = message.ContentType,
            PayloadIsUtf8 = message.PayloadFormatIndicator == MqttPayloadFormatIndicator.CharacterData,
            UserProperties = message.UserProperties is { Count: > 0 } pairs ? [.. pairs.Select(Pair)] : [],
        };
    }

    private static MqttUserProperty Property(KeyValuePair<string, string> pair) => new(pair.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pair.Value));

    private static KeyValuePair<string, string> Pair(MqttUserProperty property) => new(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span));
}
