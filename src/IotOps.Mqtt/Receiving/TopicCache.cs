using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Receiving;

/// <summary>Strings of topics seen lately, so that a busy topic costs one string. One thread.</summary>
internal sealed class TopicCache
{
    private const int Slots = 64;

    private readonly byte[]?[] _utf8 = new byte[Slots][];
    private readonly string[] _topics = new string[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        int slot = hash.ToHashCode() & (Slots - 1);
        if (_utf8[slot] is { } known && utf8.SequenceEqual(known))
        {
            return _topics[slot];
        }

        string topic = PacketReader.Decode(utf8);
        if (!MqttTopic.IsName(topic))
        {
            throw Malformed.Protocol("a PUBLISH names a topic that is empty or has wildcards", MqttReasonCode.TopicNameInvalid);
        }

        (_utf8[slot], _topics[slot]) = (utf8.ToArray(), topic);
        return topic;
    }
}
