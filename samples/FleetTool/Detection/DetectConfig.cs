using IotOps.Detect;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetTool.Routing;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>What detection reads, remembers and says, by a configuration file.</summary>
internal sealed record DetectConfig
{
    /// <summary>The words for what the queue gets.</summary>
    public static (string Word, DetectSources Source)[] SourceWords { get; } =
    [
        ("reports", DetectSources.Reports),
        ("lifecycle", DetectSources.Lifecycle),
        ("logs", DetectSources.Logs),
        ("messages", DetectSources.Messages),
        ("received-messages", DetectSources.ReceivedMessages),
    ];

    public string? Queue { get; private init; }

    public string? Inbox { get; private init; }

    public string? State { get; private init; }

    public string? Table { get; private init; }

    public IReadOnlyList<string> Profiles { get; private init; } = [];

    public string? Things { get; private init; }

    public DetectSources? Sources { get; private init; }

    public TimeSpan Patience { get; private init; } = TimeSpan.FromMinutes(1);

    public TimeSpan RefreshGroups { get; private init; } = TimeSpan.FromMinutes(5);

    public int StatisticsDays { get; private init; } = 7;

    public AlarmConfig? Alarms { get; private init; }

    public static DetectConfig Read(ConfigReader reader)
    {
        var config = new DetectConfig
        {
            Queue = reader.String("queue"),
            Inbox = reader.String("inbox"),
            State = reader.String("state"),
            Table = reader.String("table"),
            Profiles = reader.Strings("profiles"),
            Things = reader.String("things"),
            Sources = reader.Has("sources") ? ReadSources(reader) : null,
            Patience = reader.Duration("patience", TimeSpan.FromMinutes(1)),
            RefreshGroups = reader.Duration("refreshGroups", TimeSpan.FromMinutes(5)),
            StatisticsDays = reader.Integer("statisticsDays", 1, 14) ?? 7,
            Alarms = reader.Has("alarms") ? AlarmConfig.Read(reader.Object("alarms")) : null,
        };
        if (config is { Queue: not null, Inbox: not null })
        {
            reader.Problem("inbox", "and 'queue' exclude each other: messages come from SQS or from a file");
        }

        if (config is { State: not null, Table: not null })
        {
            reader.Problem("table", "and 'state' exclude each other: the state is in DynamoDB or in a file");
        }

        if (config.Patience < TimeSpan.FromSeconds(10) || config.Patience > TimeSpan.FromMinutes(10))
        {
            reader.Problem("patience", "is from '10s' to '10m'");
        }

        if (config.RefreshGroups < TimeSpan.FromMinutes(1) || config.RefreshGroups > TimeSpan.FromDays(1))
        {
            reader.Problem("refreshGroups", "is from '1m' to '1d'");
        }

        return config;
    }

    /// <summary>What a word stands for; null for a word that stands for nothing.</summary>
    public static DetectSources? Source(string word) =>
        Array.Find(SourceWords, one => one.Word == word) is { Word: not null } found ? found.Source : null;

    private static DetectSources ReadSources(ConfigReader reader)
    {
        IReadOnlyList<string> words = reader.Strings("sources");
        DetectSources sources = DetectSources.None;
        for (int i = 0; i < words.Count; i++)
        {
            if (Source(words[i]) is { } source)
            {
                sources |= source;
            }
            else
            {
                reader.Problem("sources", i, $"must be one of '{string.Join("', '", SourceWords.Select(one => one.Word))}', not '{words[i]}'");
            }
        }

        return sources;
    }
}
