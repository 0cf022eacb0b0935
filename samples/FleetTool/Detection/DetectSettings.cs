using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetTool.Routing;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>A configuration file with what the command line says instead.</summary>
internal sealed record DetectSettings
{
    private const string ConfigVariable = "FLEETTOOL_DETECT";
    private const string DefaultConfig = "detect.json5";

    public static CommandOption ConfigOption { get; } = new("--config", "FILE", $"Settings, JSON5; {ConfigVariable} or, where it is there, {DefaultConfig} unless given.");

    public static CommandOption SourcesOption { get; } = new("--sources", "WORDS", $"What the queue gets, comma between them: {string.Join(", ", DetectConfig.SourceWords.Select(one => one.Word))}; reports,lifecycle unless given.");

    public required DetectConfig Config { get; init; }

    public string? Queue { get; private init; }

    public string? Inbox { get; private init; }

    public string? State { get; private init; }

    public string? Table { get; private init; }

    public IReadOnlyList<string> Profiles { get; private init; } = [];

    public string? Things { get; private init; }

    public DetectSources Sources { get; private init; }

    public AlarmConfig? Alarms { get; private init; }

    /// <exception cref="UsageException">Options exclude each other, or there are no profiles.</exception>
    /// <exception cref="ConfigException">The configuration file cannot be used.</exception>
    public static DetectSettings Read(CommandArguments arguments)
    {
        string? file = arguments["--config"] ?? Environment.GetEnvironmentVariable(ConfigVariable) ?? (File.Exists(DefaultConfig) ? DefaultConfig : null);
        DetectConfig config = file is null ? new DetectConfig() : ConfigFile.Read(file, DetectConfig.Read);
        bool hasSource = OneOf(arguments, "--queue", "--inbox"), hasState = OneOf(arguments, "--state", "--table");
        string[] profiles = Words(arguments["--profiles"] ?? arguments["PROFILES"]);
        var settings = new DetectSettings
        {
            Config = config,
            Queue = hasSource ? arguments["--queue"] : config.Queue,
            Inbox = hasSource ? arguments["--inbox"] : config.Inbox,
            State = hasState ? arguments["--state"] : config.State,
            Table = hasState ? arguments["--table"] : config.Table,
            Profiles = profiles.Length > 0 ? profiles : config.Profiles,
            Things = arguments["--things"] ?? config.Things,
            Sources = ReadSources(arguments["--sources"]) ?? config.Sources ?? (DetectSources.Reports | DetectSources.Lifecycle),
            Alarms = Words(arguments["--topic"]) is { Length: > 0 } topics ? (config.Alarms ?? new AlarmConfig()).WithTopics(topics) : config.Alarms,
        };
        return settings.Profiles.Count > 0 ? settings : throw new UsageException($"no security profiles are named; give {(arguments.Has("--profiles") ? "--profiles" : "them")} or profiles in {ConfigOption.Name} FILE");
    }

    // An option of the command line takes the place of either member of the file.
    private static bool OneOf(CommandArguments arguments, string one, string other) =>
        arguments.Has(one) && arguments.Has(other) ? throw new UsageException($"{one} and {other} exclude each other") : arguments.Has(one) || arguments.Has(other);

    private static DetectSources? ReadSources(string? text)
    {
        if (text is null)
        {
            return null;
        }

        DetectSources sources = DetectSources.None;
        foreach (string word in Words(text))
        {
            sources |= DetectConfig.Source(word) ?? throw new UsageException($"--sources knows no '{word}'; it takes {string.Join(", ", DetectConfig.SourceWords.Select(one => one.Word))}");
        }

        return sources;
    }

    private static string[] Words(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
