namespace IotOps.Mqtt.Receiving;

/// <summary>Who gets the copies that the broker makes for one filter.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Users">Subscriptions to it, each with those of its other filters that may match the same topics and come before this one.</param>
internal sealed record IdentifiedRoute(string Filter, (Subscription Subscription, FilterEntry[] Before)[] Users)
{
    public static IdentifiedRoute Of(FilterEntry entry, IReadOnlyDictionary<string, FilterEntry> entries) =>
        new(entry.Filter, [.. entry.Users.Select(user => (user, Before(entry, user, entries)))]);

    /// <summary>
    /// Whether this copy is the one that a subscription with several matching filters gets: the broker may make one for each of them, and the
    /// first filter's is taken.
    /// </summary>
    public static bool IsFirst(FilterEntry[] before, string topic)
    {
        foreach (FilterEntry other in before)
        {
            if (other.IsGranted && MqttTopic.Matches(other.Filter, topic))
            {
                return false;
            }
        }

        return true;
    }

    // Each share has its messages to itself.
    private static FilterEntry[] Before(FilterEntry entry, Subscription user, IReadOnlyDictionary<string, FilterEntry> entries) =>
        MqttTopic.IsShared(entry.Filter) ? [] :
        [
            .. user.TopicFilters.TakeWhile(filter => filter != entry.Filter)
                .Where(filter => !MqttTopic.IsShared(filter) && MqttTopic.Overlap(filter, entry.Filter)).Select(filter => entries[filter]),
        ];
}
