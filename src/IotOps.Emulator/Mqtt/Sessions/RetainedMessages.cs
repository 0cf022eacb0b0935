using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>The last message of each topic that was to be kept. Not thread-safe.</summary>
internal sealed class RetainedMessages(int limit, TimeProvider timeProvider)
{
    private readonly Dictionary<string, RetainedMessage> _messages = new(StringComparer.Ordinal);

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

        _messages[message.Topic] = new RetainedMessage(message, timeProvider.GetUtcNow());
        return true;
    }

    /// <summary>What a new subscription gets at once, by topic.</summary>
    public IEnumerable<Delivery> For(SubscriptionRequest request) =>
        _messages.Values
            .Select(r => r.Message)
            .Where(m => TopicFilter.Matches(request.Filter, m.Topic))
            .OrderBy(m => m.Topic, StringComparer.Ordinal)
            .Select(m => new Delivery(m, Math.Min(m.QoS, request.QoS), Retain: true));

    /// <summary>The message of a topic; null when there is none, or none any more.</summary>
    public RetainedMessage? Find(string topic) =>
        _messages.TryGetValue(topic, out RetainedMessage? retained) && !retained.Message.IsExpired(timeProvider) ? retained : null;

    /// <summary>Every message whose topic comes behind another, by topic.</summary>
    public IReadOnlyList<RetainedMessage> After(string topic) =>
    [
        .. _messages.Values
            .Where(r => string.CompareOrdinal(r.Message.Topic, topic) > 0 && !r.Message.IsExpired(timeProvider))
            .OrderBy(r => r.Message.Topic, StringComparer.Ordinal),
    ];

    public void Clear() => _messages.Clear();
}
