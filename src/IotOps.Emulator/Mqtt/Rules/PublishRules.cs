using System.Text;
using System.Text.Unicode;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Mqtt.Rules;

/// <summary>What may be published.</summary>
internal static class PublishRules
{
    private const string BasicIngest = "$aws/rules/";

    /// <exception cref="ProtocolViolation">The topic, the payload or a property is not allowed.</exception>
    public static void Check(string topic, int payloadBytes, PropertyBag properties, EmulatedMqttLimits limits)
    {
        if (!TopicFilter.IsName(topic) || !FitsLimits(topic, limits) || (limits.ReservesTopics && !ReservedTopics.MayPublish(topic)))
        {
            throw new ProtocolViolation(ReasonCode.TopicNameInvalid, $"Nothing may be published to '{topic}'.");
        }

        if (payloadBytes > limits.MaxPayloadBytes)
        {
            throw new ProtocolViolation(ReasonCode.PacketTooLarge, $"A payload of {payloadBytes} bytes exceeds {limits.MaxPayloadBytes}.");
        }

        if (properties.Has(PropertyId.SubscriptionIdentifier) || properties.Text(PropertyId.ResponseTopic) is { } answer && !TopicFilter.IsName(answer))
        {
            throw ProtocolViolation.Protocol("A PUBLISH of a client has a subscription identifier, or a response topic with wildcards.");
        }
    }

    /// <exception cref="ProtocolViolation">A payload that is said to be UTF-8 is not.</exception>
    public static void CheckFormat(PublishPacket packet)
    {
        if (packet.Properties.Number(PropertyId.PayloadFormat) == 1 && !Utf8.IsValid(packet.Payload.Span))
        {
            throw new ProtocolViolation(ReasonCode.PayloadFormatInvalid, "The payload is not the UTF-8 that it is said to be.");
        }
    }

    /// <summary>Whether a topic or filter is short and flat enough.</summary>
    public static bool FitsLimits(string topic, EmulatedMqttLimits limits)
    {
        // Basic Ingest: the rule's own levels do not count.
        if (topic.StartsWith(BasicIngest, StringComparison.Ordinal))
        {
            int end = topic.IndexOf('/', BasicIngest.Length);
            topic = end < 0 ? "" : topic[(end + 1)..];
        }

        return Encoding.UTF8.GetByteCount(topic) <= limits.MaxTopicBytes && topic.AsSpan().Count('/') <= limits.MaxTopicSlashes;
    }
}
