namespace IotOps.Mqtt.Receiving;

/// <summary>Who gets the messages of which topics. Replaced as a whole, so that the receive loop needs no lock.</summary>
/// <param name="Exact">Subscriptions and listeners by a topic without wildcards.</param>
/// <param name="Patterns">Filters with wildcards, and shared ones.</param>
/// <param name="Identified">Filters by what the broker calls them.</param>
internal sealed record SubscriptionRoutes(
    Dictionary<string, List<Subscription>> Exact, List<(string Filter, Subscription Subscription)> Patterns, Dictionary<int, IdentifiedRoute> Identified)
{
    public static SubscriptionRoutes None { get; } = new([], [], []);

    public static SubscriptionRoutes Of(IReadOnlyDictionary<string, FilterEntry> entries, IEnumerable<Subscription> listeners)
    {
        var routes = new SubscriptionRoutes(new(StringComparer.Ordinal), [], []);
        foreach (FilterEntry entry in entries.Values)
        {
            routes.Identified[entry.Identifier] = IdentifiedRoute.Of(entry, entries);
            foreach (Subscription user in entry.Users)
            {
                routes.Add(entry.Filter, user);
            }
        }

        foreach (Subscription listener in listeners)
        {
            routes.Add(listener.TopicFilters[0], listener);
        }

        return routes;
    }

    private void Add(string filter, Subscription subscription)
    {
        if (MqttTopic.HasWildcard(filter) || MqttTopic.IsShared(filter))
        {
            Patterns.Add((filter, subscription));
        }
        else if (Exact.TryGetValue(filter, out List<Subscription>? others))
        {
            others.Add(subscription);
        }
        else
        {
            Exact[filter] = [subscription];
        }
    }
}
