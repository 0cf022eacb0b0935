using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Topics;

/// <summary>Who is subscribed to what. Not thread-safe.</summary>
/// <typeparam name="T">A subscriber, told apart by reference.</typeparam>
internal sealed class SubscriptionTable<T>
    where T : class
{
    // Most filters have no wildcard and are found without looking at the others.
    private readonly Dictionary<string, Dictionary<T, SubscriptionRequest>> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<T, SubscriptionRequest>> _wild = new(StringComparer.Ordinal);

    /// <summary>Adds a subscription, or replaces the subscriber's one of that filter.</summary>
    /// <returns>True when the subscriber did not have it.</returns>
    public bool Add(T subscriber, SubscriptionRequest request)
    {
        Dictionary<string, Dictionary<T, SubscriptionRequest>> table = Table(request.Filter);
        if (!table.TryGetValue(request.Filter, out Dictionary<T, SubscriptionRequest>? subscribers))
        {
            table[request.Filter] = subscribers = [];
        }

        bool isNew = !subscribers.ContainsKey(subscriber);
        subscribers[subscriber] = request;
        return isNew;
    }

    /// <returns>False when there was none.</returns>
    public bool Remove(T subscriber, string filter)
    {
        Dictionary<string, Dictionary<T, SubscriptionRequest>> table = Table(filter);
        if (!table.TryGetValue(filter, out Dictionary<T, SubscriptionRequest>? subscribers) || !subscribers.Remove(subscriber))
        {
            return false;
        }

        if (subscribers.Count == 0)
        {
            table.Remove(filter);
        }

        return true;
    }

    /// <summary>Puts each subscriber that wants a topic into <paramref name="found"/> once, with the highest QoS it asked for.</summary>
    public void Find(string topic, T? publisher, Dictionary<T, SubscriptionRequest> found)
    {
        if (_exact.TryGetValue(topic, out Dictionary<T, SubscriptionRequest>? exact))
        {
            Add(exact, publisher, found);
        }

        foreach ((string filter, Dictionary<T, SubscriptionRequest> subscribers) in _wild)
        {
            if (TopicFilter.Matches(filter, topic))
            {
                Add(subscribers, publisher, found);
            }
        }
    }

    private static void Add(
        Dictionary<T, SubscriptionRequest> subscribers, T? publisher, Dictionary<T, SubscriptionRequest> found)
    {
        foreach ((T subscriber, SubscriptionRequest request) in subscribers)
        {
            bool isOwn = request.NoLocal && subscriber == publisher;
            if (!isOwn && (!found.TryGetValue(subscriber, out SubscriptionRequest? other) || other.QoS < request.QoS))
            {
                found[subscriber] = request;
            }
        }
    }

    private Dictionary<string, Dictionary<T, SubscriptionRequest>> Table(string filter) =>
        TopicFilter.HasWildcard(filter) ? _wild : _exact;
}
