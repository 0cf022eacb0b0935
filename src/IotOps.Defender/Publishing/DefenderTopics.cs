namespace IotOps.Defender.Publishing;

/// <summary>The topics of a thing's reports. See https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-device-defender.</summary>
internal sealed class DefenderTopics
{
    public DefenderTopics(string thingName, DefenderFormat format)
    {
        Report = $"$aws/things/{thingName}/defender/metrics/{(format == DefenderFormat.Cbor ? "cbor" : "json")}";
        Accepted = Report + "/accepted";
        Rejected = Report + "/rejected";
    }

    public string Report { get; }

    public string Accepted { get; }

    public string Rejected { get; }
}
