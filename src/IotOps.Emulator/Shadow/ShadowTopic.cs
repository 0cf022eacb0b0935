namespace IotOps.Emulator.Shadow;

/// <summary>A topic on which requests to the service come.</summary>
/// <param name="Key">Which shadow.</param>
/// <param name="Operation">What is asked for.</param>
internal readonly record struct ShadowTopic(ShadowKey Key, ShadowOperation Operation)
{
    /// <summary>Filters that take in every request, for a service that is a client of another broker.</summary>
    public static IReadOnlyList<string> RequestFilters { get; } =
    [
        "$aws/things/+/shadow/get", "$aws/things/+/shadow/update", "$aws/things/+/shadow/delete",
        "$aws/things/+/shadow/name/+/get", "$aws/things/+/shadow/name/+/update", "$aws/things/+/shadow/name/+/delete",
    ];

    /// <summary>The request that a topic stands for; null when it is none.</summary>
    public static ShadowTopic? Parse(string topic)
    {
        string[] levels = topic.Split('/');
        bool isShadow = levels.Length is 5 or 7 && levels[0] == "$aws" && levels[1] == "things" && levels[3] == "shadow"
            && (levels.Length == 5 || (levels[4] == "name" && levels[5].Length > 0));
        ShadowOperation? operation = levels[^1] switch
        {
            "get" => ShadowOperation.Get,
            "update" => ShadowOperation.Update,
            "delete" => ShadowOperation.Delete,
            _ => null,
        };
        return isShadow && operation is { } known ? new ShadowTopic(new ShadowKey(levels[2], levels.Length == 7 ? levels[5] : ""), known) : null;
    }

    /// <summary>Where the answer goes.</summary>
    public string Answer(bool isAccepted) => $"{Key.TopicPrefix}/{Verb}/{(isAccepted ? "accepted" : "rejected")}";

    private string Verb => Operation switch
    {
        ShadowOperation.Get => "get",
        ShadowOperation.Update => "update",
        _ => "delete",
    };
}
