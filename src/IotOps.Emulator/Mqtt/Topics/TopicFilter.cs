namespace IotOps.Emulator.Mqtt.Topics;

/// <summary>Topic names and filters (OASIS MQTT 5.0, 4.7).</summary>
internal static class TopicFilter
{
    public static bool IsName(string topic) => topic.Length > 0 && !topic.AsSpan().ContainsAny('+', '#');

    public static bool HasWildcard(string filter) => filter.AsSpan().ContainsAny('+', '#');

    /// <summary>Whether a filter is well formed: + is a whole level, # a whole last one.</summary>
    public static bool IsValid(string filter)
    {
        if (filter.Length == 0)
        {
            return false;
        }

        for (int i = 0; i < filter.Length; i++)
        {
            bool isWild = filter[i] is '+' or '#';
            bool startsLevel = i == 0 || filter[i - 1] == '/';
            bool endsLevel = i == filter.Length - 1 || (filter[i] == '+' && filter[i + 1] == '/');
            if (isWild && !(startsLevel && endsLevel))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a valid filter takes in a topic name. A leading wildcard does not take in topics that begin with $.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith("$") && filter.IndexOfAny('+', '#') == 0)
        {
            return false;
        }

        while (true)
        {
            int filterEnd = filter.IndexOf('/');
            int topicEnd = topic.IndexOf('/');
            ReadOnlySpan<char> wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            ReadOnlySpan<char> level = topicEnd < 0 ? topic : topic[..topicEnd];
            if (wanted is "#")
            {
                return true;
            }

            if (wanted is not "+" && !wanted.SequenceEqual(level))
            {
                return false;
            }

            if (topicEnd < 0)
            {
                // "a/#" takes in its parent "a" too.
                return filterEnd < 0 || filter[filterEnd..] is "/#";
            }

            if (filterEnd < 0)
            {
                return false;
            }

            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }
}
