using System.Text;

namespace IotOps.Defender.Publishing;

/// <summary>
/// The topics of a thing's reports: Device Defender's, or one of the team's. See
/// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-device-defender.
/// </summary>
internal sealed class DefenderTopics
{
    private const string Thing = "{thing}";
    private const string BasicIngest = "$aws/rules/";
    private const int MaxLevels = 8;
    private const int MaxBytes = 256;

    public DefenderTopics(string thingName, DefenderFormat format, string? topic)
    {
        IsAnswered = topic is null;
        Report = topic is null
            ? $"$aws/things/{thingName}/defender/metrics/{(format == DefenderFormat.Cbor ? "cbor" : "json")}"
            : topic.Replace(Thing, thingName, StringComparison.Ordinal);
        Accepted = Report + "/accepted";
        Rejected = Report + "/rejected";
    }

    /// <summary>Whether Device Defender answers: on a topic of the team's nobody does.</summary>
    public bool IsAnswered { get; }

    public string Report { get; }

    public string Accepted { get; }

    public string Rejected { get; }

    /// <summary>Null when AWS IoT takes the topic, and a rule finds the thing in it.</summary>
    public static string? Problem(string topic, string thingName)
    {
        string[] levels = topic.Split('/');
        bool isBasicIngest = topic.StartsWith(BasicIngest, StringComparison.Ordinal) && levels.Length > 3 && levels[2].Length > 0;
        if (topic.StartsWith('$') && !isBasicIngest)
        {
            return $"Topic is '{topic}'; of topics that begin with $ only those of Basic Ingest are the team's: $aws/rules/RULE/TOPIC";
        }

        // The three levels of Basic Ingest do not count.
        string[] counted = isBasicIngest ? levels[3..] : levels;
        if (Array.FindAll(counted, level => level == Thing).Length != 1)
        {
            return $"Topic is '{topic}'; one of its levels is {Thing}: the fleet's rule takes the thing's name from there, and the device's policy limits it to its own.";
        }

        if (topic.AsSpan().ContainsAny('+', '#', '\0'))
        {
            return $"Topic is '{topic}'; a topic to publish to has no + and no #";
        }

        int bytes = Encoding.UTF8.GetByteCount(string.Join('/', counted).Replace(Thing, thingName, StringComparison.Ordinal));
        return counted.Length > MaxLevels || bytes > MaxBytes
            ? $"Topic is '{topic}', with {counted.Length} levels and {bytes} bytes; AWS IoT takes {MaxLevels} levels and {MaxBytes} bytes"
            : null;
    }
}
