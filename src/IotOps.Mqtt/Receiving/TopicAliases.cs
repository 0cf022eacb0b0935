using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Receiving;

/// <summary>Which topic a received PUBLISH is about: its own, or the one its alias stands for on this connection.</summary>
internal sealed class TopicAliases(int maximum)
{
    private readonly string?[] _topics = new string[maximum + 1];
    private readonly TopicCache _cache = new();

    public string Resolve(in PublishPacket packet)
    {
        if (packet.TopicAlias > maximum)
        {
            throw Malformed.Protocol($"topic alias {packet.TopicAlias} is above the maximum of {maximum}", MqttReasonCode.TopicAliasInvalid);
        }

        if (packet.TopicAlias == 0)
        {
            return _cache.Get(packet.Topic);
        }

        if (!packet.Topic.IsEmpty)
        {
            _topics[packet.TopicAlias] = _cache.Get(packet.Topic);
        }

        return _topics[packet.TopicAlias] ?? throw Malformed.Protocol($"topic alias {packet.TopicAlias} stands for nothing yet");
    }
}
