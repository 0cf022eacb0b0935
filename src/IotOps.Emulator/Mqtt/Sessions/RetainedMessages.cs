using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>The last message of each topic that was to be kept. Not thread-safe.</summary>
internal sealed class RetainedMessages(int limit)
{
    private readonly Dictionary<string, BrokerMessage> _messages = new(StringComparer.Ordinal);

    /// <summary>Keeps a message in place of its topic's last one; an empty one only removes that.</summary>
    /// <returns>False when too many topics have one.</returns>
    public bool Set(BrokerMessage message)
    {
        if (message.Payload.IsEmpty)
        {
            _messages.Remove(message.Topic);
            return true;
        }

        if (_messages.Count >= limit && !_messages.ContainsKey(message.Topic))
        {
            return false;
        }

        _messages[message.Topic] = message;
        return true;
    }

    /// <summary>What a new subscription gets at once, by topic.</summary>
    public IEnumerable<Delivery> For(SubscriptionRequest request) =>
        _messages.Values
            .Where(m => TopicFilter.Matches(request.Filter, m.Topic))
            .OrderBy(m => m.Topic, StringComparer.Ordinal)
            .Select(m => new Delivery(m, Math.Min(m.QoS, request.QoS), Retain: true));

    public void Clear() => _messages.Clear();
}
