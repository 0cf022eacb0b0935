using System.Text;
using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>Whether a publication may be sent at all, before it takes anything.</summary>
internal sealed class PublishCheck(MqttConnectionOptions options)
{
    private const int LongestString = 65_535;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MqttLimits _limits = options.Limits;
    private readonly MqttProtocolVersion _version = options.ProtocolVersion;

    /// <summary>Returns the length of the packet's body.</summary>
    /// <exception cref="ArgumentException">MQTT does not allow it.</exception>
    /// <exception cref="MqttException">A limit does not allow it.</exception>
    public int BodyLength(string topic, int payloadBytes, MqttQualityOfService qos, MqttPublishOptions? publish)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!Topics.IsName(topic))
        {
            throw new ArgumentException($"'{topic}' is no topic to publish to: it is empty or has a wildcard (+ #) or U+0000.", nameof(topic));
        }

        if (qos is not (MqttQualityOfService.AtMostOnce or MqttQualityOfService.AtLeastOnce))
        {
            throw new ArgumentOutOfRangeException(nameof(qos), qos, "Only QoS 0 and QoS 1 are offered.");
        }

        int topicBytes = Bytes(topic, nameof(topic));
        CheckTopic(topic, topicBytes, _limits);
        if (payloadBytes > _limits.PayloadBytes)
        {
            throw new MqttException($"The payload for '{topic}' has {payloadBytes} bytes; the limit is {_limits.PayloadBytes} (MqttLimits.PayloadBytes). Split it, or upload it elsewhere and publish where it is.")
            {
                Reason = MqttReasonCode.PacketTooLarge,
            };
        }

        if (publish is not null && _version == MqttProtocolVersion.V5)
        {
            Check(publish);
        }

        return PublishCodec.BodyLength(_version, topicBytes, qos, payloadBytes, publish);
    }

    /// <summary>The limits of a topic or a filter.</summary>
    public static void CheckTopic(string topic, int topicBytes, MqttLimits limits)
    {
        // A share's name and Basic Ingest's levels do not count; what is within the limits with them need not be looked at closer.
        if (topicBytes <= limits.TopicBytes && (limits.TopicSlashes == int.MaxValue || topic.AsSpan().Count('/') <= limits.TopicSlashes))
        {
            return;
        }

        ReadOnlySpan<char> counted = Topics.Counted(topic);
        int bytes = Encoding.UTF8.GetByteCount(counted);
        int slashes = counted.Count('/');
        string? what = bytes > limits.TopicBytes ? $"{bytes} bytes; the limit is {limits.TopicBytes} (MqttLimits.TopicBytes)"
            : slashes > limits.TopicSlashes ? $"{slashes} slashes; the limit is {limits.TopicSlashes} (MqttLimits.TopicSlashes)"
            : null;
        if (what is not null)
        {
            throw new MqttException($"The topic '{topic}' has {what}.") { Reason = MqttReasonCode.TopicNameInvalid };
        }
    }

    /// <summary>UTF-8 length of a string that MQTT can carry.</summary>
    public static int Bytes(string value, string name)
    {
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{name} has half a surrogate pair at {e.Index}.", name, e);
        }

        return bytes <= LongestString ? bytes : throw new ArgumentException($"{name} has {bytes} bytes; MQTT's strings have {LongestString} at most.", name);
    }

    private static void Check(MqttPublishOptions publish)
    {
        if (publish.ResponseTopic is { } response)
        {
            Bytes(response, nameof(publish.ResponseTopic));
            if (!Topics.IsName(response))
            {
                throw new ArgumentException($"'{response}' is no response topic: it is empty or has a wildcard.", nameof(publish));
            }
        }

        Bytes(publish.ContentType ?? "", nameof(publish.ContentType));
        if (publish.CorrelationData.Length > LongestString)
        {
            throw new ArgumentException($"CorrelationData has {publish.CorrelationData.Length} bytes; MQTT takes {LongestString}.", nameof(publish));
        }

        foreach ((string key, string value) in publish.UserProperties)
        {
            Bytes(key, nameof(publish.UserProperties));
            Bytes(value, nameof(publish.UserProperties));
        }
    }
}
