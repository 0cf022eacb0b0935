using IotOps.Defender;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent;

/// <summary>
/// What is reported to Device Defender, and what the device holds itself to:
/// <c>defender: { topic: 'fleet/{thing}/defender', interval: '300s', format: 'cbor', names: 'short', customMetrics: ['cpu_usage'], procfs: '/proc', interfaces: {...}, rules: [...] }</c>.
/// </summary>
internal sealed record DefenderConfig
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(300);

    /// <summary>A topic of the team's that reports go to; null for Device Defender's.</summary>
    public string? Topic { get; init; }

    /// <summary>Time between reports.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>True lets tests report more often than AWS takes reports.</summary>
    public bool AllowShortInterval { get; init; }

    /// <summary>The reports' encoding.</summary>
    public DefenderFormat Format { get; init; }

    /// <summary>The reports' element names.</summary>
    public DefenderNames Names { get; init; }

    /// <summary>Ready-made custom metrics.</summary>
    public IReadOnlyList<string> CustomMetrics { get; init; } = [];

    /// <summary>Absolute path of the process file system; null takes PROCFS_PATH, or /proc.</summary>
    public string? Procfs { get; init; }

    /// <summary>The process whose network is looked at; null is the agent's own. 1 is the host's, when its /proc is mounted.</summary>
    public int? Process { get; init; }

    /// <summary>Names of interfaces whose traffic counts; empty takes all.</summary>
    public IReadOnlyList<string> IncludeInterfaces { get; init; } = [];

    /// <summary>Names of interfaces whose traffic does not count; null takes the library's: loopback, bridges and container ends.</summary>
    public IReadOnlyList<string>? ExcludeInterfaces { get; init; }

    /// <summary>The behaviors that the device holds itself to; null when there are none.</summary>
    public SecurityProfile? Rules { get; init; }

    /// <summary>Topic that alarms are published to; null only logs them.</summary>
    public string? AlarmTopic { get; init; }

    /// <summary>Reads the section; null when <c>services.cloud.defender</c> is false.</summary>
    public static DefenderConfig? Read(ConfigReader defender, string directory, string? thing, bool wanted)
    {
        TimeSpan interval = defender.Duration("interval", ShortestInterval);
        bool allowShort = defender.Boolean("allowShortInterval", otherwise: false);
        if (interval < ShortestInterval && !allowShort)
        {
            defender.Problem("interval", "must be at least '300s': AWS throttles reports that come more often");
        }

        ConfigReader interfaces = defender.Object("interfaces");
        var config = new DefenderConfig
        {
            Topic = ReadTopic(defender, thing),
            Interval = interval,
            AllowShortInterval = allowShort,
            Format = defender.Choice("format", DefenderFormat.Json, ("json", DefenderFormat.Json), ("cbor", DefenderFormat.Cbor)),
            Names = defender.Choice("names", DefenderNames.LongNames, ("long", DefenderNames.LongNames), ("short", DefenderNames.ShortNames)),
            CustomMetrics = ReadCustomMetrics(defender),
            Procfs = defender.String("procfs") is { } procfs ? Path.Combine(directory, procfs) : null,
            Process = defender.Integer("process", 1, int.MaxValue),
            IncludeInterfaces = interfaces.Strings("include"),
            ExcludeInterfaces = interfaces.Has("exclude") ? interfaces.Strings("exclude") : null,
            Rules = ReadRules(defender),
            AlarmTopic = defender.String("alarmTopic")?.Replace("{thing}", thing, StringComparison.Ordinal),
        };
        return wanted ? config : null;
    }

    private static string? ReadTopic(ConfigReader defender, string? thing)
    {
        string? topic = defender.String("topic");
        try
        {
            if (topic is not null)
            {
                DefenderPublisherOptions.CheckTopic(topic, thing ?? "");
            }
        }
        catch (ArgumentException e)
        {
            defender.Problem("topic", e.Message);
        }

        return topic;
    }

    private static List<string> ReadCustomMetrics(ConfigReader defender)
    {
        List<string> names = [.. defender.Strings("customMetrics")];
        foreach (string name in names)
        {
            if (!BuiltInMetrics.Names.Contains(name, StringComparer.Ordinal))
            {
                defender.Problem("customMetrics", $"holds '{name}', which the agent cannot measure; it can {string.Join(", ", BuiltInMetrics.Names)}");
            }
        }

        return names;
    }

    private static SecurityProfile? ReadRules(ConfigReader defender)
    {
        List<Behavior> behaviors = [];
        IReadOnlyList<byte[]> rules = defender.Json("rules");
        for (int i = 0; i < rules.Count; i++)
        {
            try
            {
                Behavior behavior = Behavior.Parse(rules[i]);
                if (behaviors.Exists(b => b.Name == behavior.Name))
                {
                    defender.Problem("rules", i, $"the name '{behavior.Name}' is there twice");
                }

                behaviors.Add(behavior);
            }
            catch (FormatException e)
            {
                defender.Problem("rules", i, e.Message);
            }
        }

        string name = defender.String("profile") ?? "local";
        return rules.Count == 0 ? null : new SecurityProfile { Name = name, Behaviors = behaviors };
    }
}
