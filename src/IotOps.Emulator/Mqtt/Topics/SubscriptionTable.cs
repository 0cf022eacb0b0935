using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Sessions;

namespace IotOps.Emulator.Mqtt.Topics;

/// <summary>Who is subscribed to what. Not thread-safe.</summary>
internal sealed class SubscriptionTable
{
    // Most filters have no wildcard and are found without looking at the others.
    private readonly Dictionary<string, Dictionary<Session, SubscriptionRequest>> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<Session, SubscriptionRequest>> _wild = new(StringComparer.Ordinal);

    /// <summary>Adds a subscription, or replaces the session's one of that filter.</summary>
    /// <returns>True when the session did not have it.</returns>
    public bool Add(Session session, SubscriptionRequest request)
    {
        Dictionary<string, Dictionary<Session, SubscriptionRequest>> table = Table(request.Filter);
        if (!table.TryGetValue(request.Filter, out Dictionary<Session, SubscriptionRequest>? subscribers))
        {
            table[request.Filter] = subscribers = [];
        }

        bool isNew = !subscribers.ContainsKey(session);
        subscribers[session] = request;
        return isNew;
    }

    /// <returns>False when there was none.</returns>
    public bool Remove(Session session, string filter)
    {
        Dictionary<string, Dictionary<Session, SubscriptionRequest>> table = Table(filter);
        if (!table.TryGetValue(filter, out Dictionary<Session, SubscriptionRequest>? subscribers) || !subscribers.Remove(session))
        {
            return false;
        }

        if (subscribers.Count == 0)
        {
            table.Remove(filter);
        }

        return true;
    }

    /// <summary>Puts each session that wants a topic into <paramref name="found"/> once, with the highest QoS it asked for.</summary>
    public void Find(string topic, Session? publisher, Dictionary<Session, SubscriptionRequest> found)
    {
        if (_exact.TryGetValue(topic, out Dictionary<Session, SubscriptionRequest>? exact))
        {
            Add(exact, publisher, found);
        }

        foreach ((string filter, Dictionary<Session, SubscriptionRequest> subscribers) in _wild)
        {
            if (TopicFilter.Matches(filter, topic))
            {
                Add(subscribers, publisher, found);
            }
        }
    }

    private static void Add(
        Dictionary<Session, SubscriptionRequest> subscribers, Session? publisher, Dictionary<Session, SubscriptionRequest> found)
    {
        foreach ((Session session, SubscriptionRequest request) in subscribers)
        {
            bool isOwn = request.NoLocal && session == publisher;
            if (!isOwn && (!found.TryGetValue(session, out SubscriptionRequest? other) || other.QoS < request.QoS))
            {
                found[session] = request;
            }
        }
    }

    private Dictionary<string, Dictionary<Session, SubscriptionRequest>> Table(string filter) =>
        TopicFilter.HasWildcard(filter) ? _wild : _exact;
}
