namespace IotOps.Mqtt.Receiving;

/// <summary>Who gets the messages of which topics. Replaced as a whole, so that the receive loop needs no lock.</summary>
/// <param name="Exact">Subscriptions by a topic without wildcards.</param>
/// <param name="Patterns">Filters with wildcards, and shared ones.</param>
/// <param name="Identified">Filters by what the broker calls them.</param>
internal sealed record SubscriptionRoutes(
    Dictionary<string, Subscription[]> Exact, (string Filter, Subscription Subscription)[] Patterns, Dictionary<int, IdentifiedRoute> Identified)
{
    public static SubscriptionRoutes None { get; } = new([], [], []);

    public static SubscriptionRoutes Of(IReadOnlyDictionary<string, FilterEntry> entries)
    {
        var exact = new Dictionary<string, Subscription[]>(StringComparer.Ordinal);
        var identified = new Dictionary<int, IdentifiedRoute>();
        List<(string, Subscription)> patterns = [];
        foreach (FilterEntry entry in entries.Values)
        {
            identified[entry.Identifier] = IdentifiedRoute.Of(entry, entries);
            if (MqttTopic.HasWildcard(entry.Filter) || MqttTopic.IsShared(entry.Filter))
            {
                foreach (Subscription user in entry.Users)
                {
                    patterns.Add((entry.Filter, user));
                }
            }
            else
            {
                exact[entry.Filter] = [.. entry.Users];
            }
        }

        return new SubscriptionRoutes(exact, [.. patterns], identified);
    }
}
