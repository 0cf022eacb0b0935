namespace IotOps.Mqtt.Receiving;

/// <summary>Who gets the messages of which topics. Replaced as a whole, so that the receive loop needs no lock.</summary>
/// <param name="Exact">Subscriptions by a topic without wildcards.</param>
/// <param name="Patterns">Filters with wildcards, and shared ones.</param>
internal sealed record SubscriptionRoutes(
    Dictionary<string, Subscription[]> Exact, (string Filter, Subscription Subscription)[] Patterns)
{
    public static SubscriptionRoutes None { get; } = new([], []);

    public static SubscriptionRoutes Of(IEnumerable<FilterEntry> entries)
    {
        var exact = new Dictionary<string, Subscription[]>(StringComparer.Ordinal);
        List<(string, Subscription)> patterns = [];
        foreach (FilterEntry entry in entries)
        {
            if (MqttTopic.HasWildcard(entry.Filter) || MqttTopic.Unshared(entry.Filter).Length != entry.Filter.Length)
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

        return new SubscriptionRoutes(exact, [.. patterns]);
    }
}
