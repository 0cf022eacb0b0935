using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Receiving;

/// <summary>
/// Messages that no subscription and no listener takes: counted, logged once a topic, and answered as the policy says. The receive loop's
/// alone, over all connections.
/// </summary>
internal sealed class UnmatchedMessages(MqttConnectionOptions options, MqttCounters counters, ILogger logger)
{
    /// <summary>A sender that makes up topics costs so many strings and lines of the log, and no more.</summary>
    public const int MostTopics = 32;

    /// <summary>
    /// PUBACKs that MQTT 3.1.1 withholds at a connection. It has none that refuses, and each message without one takes a place in the broker's
    /// window until the connection ends: AWS IoT Core has 100 places, mosquitto 20.
    /// </summary>
    public const int MostWithheld = 10;

    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);

    /// <summary>What the PUBACK says, when there is one to send; null for none.</summary>
    /// <param name="topic">The message's topic.</param>
    /// <param name="qos">QoS 0 has no PUBACK.</param>
    /// <param name="isLeaving">The broker did not know yet that nobody wants it any more: that is no surprise.</param>
    /// <param name="withheld">PUBACKs withheld at this connection.</param>
    public MqttReasonCode? Answer(string topic, MqttQualityOfService qos, bool isLeaving, ref int withheld)
    {
        counters.Unmatched();
        if (isLeaving)
        {
            return MqttReasonCode.Success;
        }

        bool isRefused = options.UnmatchedPolicy == MqttUnmatchedPolicy.Refuse && qos == MqttQualityOfService.AtLeastOnce
            && (options.ProtocolVersion == MqttProtocolVersion.V5 || ++withheld <= MostWithheld);
        if (_topics.Count < MostTopics && _topics.Add(topic))
        {
            Log.Unmatched(logger, options.ClientId, topic, isRefused ? "refused" : "dropped");
        }

        return !isRefused ? MqttReasonCode.Success
            : options.ProtocolVersion == MqttProtocolVersion.V5 ? MqttReasonCode.ImplementationSpecificError
            : null;
    }
}
