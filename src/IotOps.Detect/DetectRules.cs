namespace IotOps.Detect;

/// <summary>
/// The SQL of the IoT rules that put a fleet's events on the queue, as <see cref="DetectMessage"/> reads them; for SQL version
/// <see cref="SqlVersion"/>. See https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html.
/// </summary>
/// <remarks>
/// Who sent a message is said by its topic or by its connection, never by its payload: a device's policy holds it to topics with its own name,
/// and its payload may claim anything.
/// </remarks>
public static class DetectRules
{
    /// <summary>The rules' <c>awsIotSqlVersion</c>.</summary>
    public const string SqlVersion = "2016-03-23";

    /// <summary>What stands for the thing's name in a topic; a whole level of it.</summary>
    public const string ThingLevel = "{thing}";

    /// <summary>Lifecycle events of all clients: connected, disconnected, connect_failed.</summary>
    public const string LifecycleSql = "SELECT * FROM '$aws/events/presence/#'";

    private const string BasicIngest = "$aws/rules/";

    /// <summary>
    /// Device Defender reports, JSON and CBOR alike, that devices publish to a topic of the team's. Of a topic of Basic Ingest
    /// (<c>$aws/rules/RULE/...</c>) the first three levels are left out, as AWS IoT does.
    /// </summary>
    /// <param name="topic">The topic as devices have it (<c>DefenderPublisherOptions.Topic</c>), with one level <c>{thing}</c>: <c>fleet/{thing}/defender</c>.</param>
    /// <exception cref="ArgumentException">The topic has no such level, or AWS IoT would refuse it; the message says why.</exception>
    public static string ReportSql(string topic)
    {
        (string filter, int level) = Filter(topic);
        return $"SELECT encode(*, 'base64') AS report, topic({level}) AS thing, timestamp() AS time FROM '{filter}'";
    }

    /// <summary>
    /// The second rule, for <c>aws:message-byte-size</c> and <c>aws:num-messages-sent</c>: when each message was published and how long it is,
    /// without its content. It counts for the client's id, which must be the thing's name.
    /// </summary>
    /// <param name="topicFilter">What is counted: <c>#</c> for every message but those on topics that begin with <c>$</c>, or <c>telemetry/+/#</c>.</param>
    /// <exception cref="ArgumentException">It is not a topic filter.</exception>
    public static string MessagesSql(string topicFilter) =>
        $"SELECT clientid() AS sender, timestamp() AS time, {Length}, traceid() AS id FROM '{CheckedFilter(topicFilter)}'";

    /// <summary>
    /// The second rule's other half, for <c>aws:num-messages-received</c>: messages that are published to topics of one thing. AWS IoT does not say to
    /// a rule who receives a message, so that the topic has to: what is published to it counts as received by the thing, connected or not.
    /// </summary>
    /// <param name="topic">The topic, with one level <c>{thing}</c>; its last level may be <c>#</c>: <c>commands/{thing}/#</c>.</param>
    /// <exception cref="ArgumentException">The topic has no such level, or AWS IoT would refuse it; the message says why.</exception>
    public static string ReceivedMessagesSql(string topic)
    {
        bool isOpen = topic?.EndsWith("/#", StringComparison.Ordinal) == true;
        (string filter, int level) = Filter(isOpen ? topic![..^2] : topic);
        return $"SELECT topic({level}) AS receiver, timestamp() AS time, {Length}, traceid() AS id FROM '{filter}{(isOpen ? "/#" : "")}'";
    }

    // No function counts the bytes of a payload: base64 has four characters for three bytes, and '=' stands for those that are missing.
    private static string Length => "length(encode(*, 'base64')) AS base64, indexof(encode(*, 'base64'), '=') AS padding";

    private static (string Filter, int Level) Filter(string? topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        string[] levels = topic.Split('/');
        if (topic.StartsWith(BasicIngest, StringComparison.Ordinal))
        {
            levels = levels.Length > 3 ? levels[3..] : throw new ArgumentException($"'{topic}' ends with the rule's name; Basic Ingest needs a topic behind it.", nameof(topic));
        }

        int level = Array.IndexOf(levels, ThingLevel);
        if (level < 0 || Array.LastIndexOf(levels, ThingLevel) != level)
        {
            throw new ArgumentException($"'{topic}' has no level {ThingLevel}, or two: the rule takes the thing's name from that level.", nameof(topic));
        }

        if (Array.Exists(levels, one => one.AsSpan().ContainsAny("+#'")) || Array.Exists(levels, one => one != ThingLevel && one.AsSpan().ContainsAny("{}")))
        {
            throw new ArgumentException($"'{topic}' has one of + # ' {{ }} besides {ThingLevel}.", nameof(topic));
        }

        levels[level] = "+";
        return (CheckedFilter(string.Join('/', levels)), level + 1);
    }

    private static string CheckedFilter(string filter)
    {
        ArgumentException.ThrowIfNullOrEmpty(filter);
        string[] levels = filter.Split('/');
        bool isFilter = levels.Length <= 8
            && System.Text.Encoding.UTF8.GetByteCount(filter) <= 256
            && !filter.AsSpan().ContainsAny('\'', '\0')
            && Array.TrueForAll(levels, level => level is "+" or "#" || !level.AsSpan().ContainsAny('+', '#'))
            && Array.IndexOf(levels, "#") is var open && (open < 0 || open == levels.Length - 1);
        return isFilter
            ? filter
            : throw new ArgumentException($"'{filter}' is not a topic filter: AWS IoT takes 8 levels and 256 bytes, + for one level and # for all that follow; no quotes here.", nameof(filter));
    }
}
