using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>Whether a publication may be sent at all, before it takes anything.</summary>
internal sealed class PublishCheck(MqttConnectionOptions options)
{
    private const int LongestBinary = 65_535;

    private readonly MqttLimits _limits = options.Limits;
    private readonly MqttProtocolVersion _version = options.ProtocolVersion;

    /// <summary>Returns the length of the packet's body.</summary>
    /// <exception cref="ArgumentException">MQTT does not allow it.</exception>
    /// <exception cref="MqttException">A limit does not allow it.</exception>
    public int BodyLength(string topic, int payloadBytes, MqttQualityOfService qos, MqttPublishOptions? publish)
    {
        if (qos is not (MqttQualityOfService.AtMostOnce or MqttQualityOfService.AtLeastOnce))
        {
            throw new ArgumentOutOfRangeException(nameof(qos), qos, "Only QoS 0 and QoS 1 are offered.");
        }

        int topicBytes = _limits.TopicBytesOf(topic, payloadBytes);
        if (publish is not null && _version == MqttProtocolVersion.V5)
        {
            Check(publish);
        }

        return PublishCodec.BodyLength(_version, topicBytes, qos, payloadBytes, publish);
    }

    private static void Check(MqttPublishOptions publish)
    {
        if (publish.ResponseTopic is { } response)
        {
            MqttText.Bytes(response, nameof(publish.ResponseTopic));
            if (!MqttTopic.IsName(response))
            {
                throw new ArgumentException($"'{response}' is no response topic: it is empty or has a wildcard.", nameof(publish));
            }
        }

        MqttText.Bytes(publish.ContentType ?? "", nameof(publish.ContentType));
        if (publish.CorrelationData.Length > LongestBinary)
        {
            throw new ArgumentException($"CorrelationData has {publish.CorrelationData.Length} bytes; MQTT takes {LongestBinary}.", nameof(publish));
        }

        foreach ((string key, string value) in publish.UserProperties)
        {
            MqttText.Bytes(key, nameof(publish.UserProperties));
            MqttText.Bytes(value, nameof(publish.UserProperties));
        }
    }
}
