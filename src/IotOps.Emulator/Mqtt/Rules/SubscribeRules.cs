using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Mqtt.Rules;

/// <summary>What may be subscribed to.</summary>
internal static class SubscribeRules
{
    private const string Shared = "$share/";

    /// <summary>Whether no answer is given at all: AWS IoT Core's way with QoS 2, which MQTT 5 clients are told of at CONNACK instead.</summary>
    public static bool IsIgnored(SubscribePacket packet, byte version) => version < 5 && packet.Requests.Any(r => r.QoS == 2);

    /// <exception cref="ProtocolViolation">The packet ends the connection.</exception>
    public static void Check(SubscribePacket packet, EmulatedMqttLimits limits)
    {
        if (packet.Properties.Has(PropertyId.SubscriptionIdentifier))
        {
            throw new ProtocolViolation(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription identifiers are not offered.");
        }

        if (packet.Requests.Count > limits.MaxFiltersPerSubscribe)
        {
            throw new ProtocolViolation(ReasonCode.QuotaExceeded, $"A SUBSCRIBE has {packet.Requests.Count} filters, more than {limits.MaxFiltersPerSubscribe}.");
        }
    }

    /// <summary>What the SUBACK says of one filter.</summary>
    /// <param name="request">The filter, and how it is asked for.</param>
    /// <param name="subscriptions">Those that the client has.</param>
    /// <param name="limits">The broker's.</param>
    public static ReasonCode Answer(SubscriptionRequest request, Dictionary<string, SubscriptionRequest> subscriptions, EmulatedMqttLimits limits)
    {
        if (request.Filter.StartsWith(Shared, StringComparison.Ordinal))
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        if (!TopicFilter.IsValid(request.Filter) || !PublishRules.FitsLimits(request.Filter, limits))
        {
            return ReasonCode.TopicFilterInvalid;
        }

        if (limits.ReservesTopics && !ReservedTopics.MaySubscribe(request.Filter))
        {
            return ReasonCode.NotAuthorized;
        }

        bool isNew = !subscriptions.ContainsKey(request.Filter);
        return isNew && subscriptions.Count >= limits.MaxSubscriptions ? ReasonCode.QuotaExceeded : (ReasonCode)Math.Min(request.QoS, (byte)1);
    }
}
