using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using WireVersion = MQTTnet.Formatter.MqttProtocolVersion;

namespace IotOps.Mqtt;

/// <summary>Between what a publication says here and what it says in MQTTnet.</summary>
internal static class ApplicationMessages
{
    /// <summary>The payload is copied: whoever gives up waiting may use its memory again while MQTTnet still writes the message.</summary>
    public static MqttApplicationMessage Of(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? publish, MqttClientOptions client)
    {
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload.ToArray()),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            Retain = publish?.Retain ?? false,
        };
        if (publish is not null && client.ProtocolVersion == WireVersion.V500)
        {
            message.MessageExpiryInterval = publish.MessageExpiry is { } expiry ? (uint)Math.Clamp(expiry.TotalSeconds, 0, uint.MaxValue) : 0;
            message.ResponseTopic = publish.ResponseTopic;
            message.CorrelationData = publish.CorrelationData.IsEmpty ? null : publish.CorrelationData.ToArray();
            message.ContentType = publish.ContentType;
            message.PayloadFormatIndicator = publish.PayloadIsUtf8 ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified;
            message.UserProperties = publish.UserProperties.Count == 0 ? null : [.. publish.UserProperties.Select(pair => new MqttUserProperty(pair.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pair.Value)))];
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
            UserProperties = message.UserProperties is { Count: > 0 } pairs ? [.. pairs.Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))] : [],
        };
    }
}
