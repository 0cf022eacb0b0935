using System.Buffers;

namespace IotOps.Mqtt;

/// <summary>Topic names, topic filters and which of them match (OASIS MQTT 5.0, 4.7).</summary>
public static class MqttTopic
{
    private const string SharePrefix = "$share/";
    private const string BasicIngestPrefix = "$aws/rules/";
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("+#\0");

    /// <summary>True for a topic that can be published to: not empty, without wildcards (<c>+ #</c>) and U+0000. Lengths: <see cref="MqttLimits"/>.</summary>
    /// <param name="topic">The topic.</param>
    public static bool IsName(string topic) => topic.Length > 0 && topic.AsSpan().IndexOfAny(NotInNames) < 0;

    /// <summary>
    /// True for a filter that can be subscribed: not empty, <c>+</c> and <c>#</c> alone in their levels, <c>#</c> in the last one. A shared filter
    /// <c>$share/group/filter</c> is one too.
    /// </summary>
    /// <param name="filter">The filter.</param>
    public static bool IsFilter(string filter)
    {
        ReadOnlySpan<char> rest = Unshared(filter);
        if (rest.IsEmpty || rest.Contains('\0') || (filter.StartsWith(SharePrefix, StringComparison.Ordinal) && rest.Length == filter.Length))
        {
            return false;
        }

        for (int i = 0; i < rest.Length; i++)
        {
            bool startsLevel = i == 0 || rest[i - 1] == '/';
            bool endsLevel = i == rest.Length - 1 || rest[i + 1] == '/';
            if ((rest[i] == '#' && !(startsLevel && i == rest.Length - 1)) || (rest[i] == '+' && !(startsLevel && endsLevel)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// True when a subscription to the filter receives messages of the topic. A wildcard in the first level does not match topics that begin
    /// with <c>$</c>; of a shared filter only what follows <c>$share/group/</c> counts.
    /// </summary>
    /// <param name="filter">A filter that <see cref="IsFilter"/> accepts.</param>
    /// <param name="topic">A topic that <see cref="IsName"/> accepts.</param>
    public static bool Matches(string filter, string topic) => Matches(Unshared(filter), topic.AsSpan());

    internal static bool HasWildcard(string filter) => filter.AsSpan().IndexOfAny('+', '#') >= 0;

    /// <summary>The filter behind <c>$share/group/</c>; the whole when it is not shared.</summary>
    internal static ReadOnlySpan<char> Unshared(string filter)
    {
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            return filter;
        }

        ReadOnlySpan<char> rest = filter.AsSpan(SharePrefix.Length);
        int slash = rest.IndexOf('/');
        return slash <= 0 || rest[..slash].IndexOfAny(NotInNames) >= 0 ? filter : rest[(slash + 1)..];
    }

    /// <summary>What AWS counts of a topic: without the three levels of Basic Ingest, without a share's name.</summary>
    internal static ReadOnlySpan<char> Counted(string topic)
    {
        ReadOnlySpan<char> rest = Unshared(topic);
        if (!rest.StartsWith(BasicIngestPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return rest;
        }

        int slash = rest[BasicIngestPrefix.Length..].IndexOf('/');
        return slash < 0 ? rest : rest[(BasicIngestPrefix.Length + slash + 1)..];
    }

    /// <summary>Whether some topic is matched by both filters, whatever shares they are of.</summary>
    /// <param name="filter">A topic filter.</param>
    /// <param name="other">Another one.</param>
    public static bool Overlap(string filter, string other)
    {
        ReadOnlySpan<char> one = Unshared(filter), two = Unshared(other);
        if ((one is ['+' or '#', ..] && two is ['$', ..]) || (two is ['+' or '#', ..] && one is ['$', ..]))
        {
            return false;
        }

        for (bool isFirst = true; one is not "#" && two is not "#"; isFirst = false)
        {
            int oneEnd = one.IndexOf('/');
            int twoEnd = two.IndexOf('/');
            ReadOnlySpan<char> oneLevel = oneEnd < 0 ? one : one[..oneEnd];
            ReadOnlySpan<char> twoLevel = twoEnd < 0 ? two : two[..twoEnd];
            if (oneLevel is not "+" && twoLevel is not "+" && !oneLevel.SequenceEqual(twoLevel))
            {
                return false;
            }

            if (oneEnd < 0 || twoEnd < 0)
            {
                // "/#" is also the empty topic, which is none.
                return (oneEnd < 0 && twoEnd < 0)
                    || (oneEnd < 0 ? two[(twoEnd + 1)..] is "#" && !(isFirst && twoLevel.IsEmpty) : one[(oneEnd + 1)..] is "#" && !(isFirst && oneLevel.IsEmpty));
            }

            one = one[(oneEnd + 1)..];
            two = two[(twoEnd + 1)..];
        }

        return true;
    }

    /// <summary>True for <c>$share/group/filter</c>, whose messages the broker divides among the group.</summary>
    /// <param name="filter">A topic filter.</param>
    public static bool IsShared(string filter) => Unshared(filter).Length != filter.Length;

    private static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        // A leading wildcard does not reach the broker's own topics.
        if (topic is ['$', ..] && filter is ['+' or '#', ..])
        {
            return false;
        }

        while (true)
        {
            if (filter is "#")
            {
                return true;
            }

            int filterEnd = filter.IndexOf('/');
            int topicEnd = topic.IndexOf('/');
            ReadOnlySpan<char> filterLevel = filterEnd < 0 ? filter : filter[..filterEnd];
            ReadOnlySpan<char> topicLevel = topicEnd < 0 ? topic : topic[..topicEnd];
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(topicLevel))
            {
                return false;
            }

            if (filterEnd < 0 || topicEnd < 0)
            {
                // "a/#" is also "a" itself.
                return (filterEnd < 0 && topicEnd < 0) || (topicEnd < 0 && filter[(filterEnd + 1)..] is "#");
            }

            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }
}
