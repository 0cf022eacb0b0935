using System.Text.RegularExpressions;
using IotOps.Logs;
using IotOps.Samples.Configuration;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Reads one entry of <c>logs.files</c>, and <c>logs.journal</c>.</summary>
internal static class LogFileConfig
{
    public static LogFileOptions Read(ConfigReader file, string directory, string? thing)
    {
        string path = file.RequiredString("path", "which files to ship");
        string group = file.RequiredString("group", "which log group they belong to");
        string stream = file.String("stream") ?? "{hostname}";
        if (thing is null)
        {
            RequireNoThing(file, "group", group);
            RequireNoThing(file, "stream", stream);
        }

        return new LogFileOptions
        {
            Path = Path.Combine(directory, path),
            Exclude = [.. file.Strings("exclude").Select(e => Path.Combine(directory, e))],
            Group = group,
            Stream = stream,
            Start = file.Choice("start", LogStart.Beginning, ("beginning", LogStart.Beginning), ("end", LogStart.End)),
            Encoding = file.Choice(
                "encoding",
                LogEncoding.Detect,
                ("detect", LogEncoding.Detect),
                ("utf-8", LogEncoding.Utf8),
                ("utf-16", LogEncoding.Utf16),
                ("utf-16be", LogEncoding.Utf16BigEndian),
                ("latin1", LogEncoding.Latin1)),
            MultiLine = file.Has("multiLine") ? ReadMultiLine(file.Object("multiLine")) : null,
            IncludeEvents = ReadPattern(file, "includeEvents"),
            ExcludeEvents = ReadPattern(file, "excludeEvents"),
            MinimumLevel = ReadLevel(file),
            Timestamp = ReadTimestamp(file),
        };
    }

    /// <summary>Reads <c>logs.journal</c>.</summary>
    public static LogJournalOptions ReadJournal(ConfigReader journal, string directory, string? thing)
    {
        string group = journal.RequiredString("group", "which log group its entries belong to");
        string stream = journal.String("stream") ?? "{hostname}/journal";
        if (thing is null)
        {
            RequireNoThing(journal, "group", group);
            RequireNoThing(journal, "stream", stream);
        }

        return new LogJournalOptions
        {
            Group = group,
            Stream = stream,
            Directory = journal.String("directory") is { } path ? Path.Combine(directory, path) : null,
            Units = journal.Strings("units"),
            Start = journal.Choice("start", LogStart.Beginning, ("beginning", LogStart.Beginning), ("end", LogStart.End)),
            MinimumLevel = ReadLevel(journal),
        };
    }

    private static LogLevel? ReadLevel(ConfigReader file) => file.Choice<LogLevel?>(
        "minimumLevel",
        null,
        ("trace", LogLevel.Trace),
        ("debug", LogLevel.Debug),
        ("info", LogLevel.Information),
        ("warning", LogLevel.Warning),
        ("error", LogLevel.Error),
        ("critical", LogLevel.Critical));

    private static Regex? ReadPattern(ConfigReader file, string key)
    {
        if (file.String(key) is not { } pattern)
        {
            return null;
        }

        try
        {
            // Without options, the compiling and the automaton engine stay out of a NativeAOT binary; Program sets the time-out for all.
#pragma warning disable MA0009
            return new Regex(pattern);
#pragma warning restore MA0009
        }
        catch (ArgumentException e)
        {
            file.Problem(key, $"is no regular expression: {e.Message}");
            return null;
        }
    }

    private static MultiLineOptions? ReadMultiLine(ConfigReader multiLine)
    {
        multiLine.RequiredString("start", "a regular expression that matches the first line of an event");
        TimeSpan flush = multiLine.Duration("flush", TimeSpan.FromSeconds(5));
        return ReadPattern(multiLine, "start") is { } start ? new MultiLineOptions { Start = start, FlushAfter = flush } : null;
    }

    // timestamp: 'syslog', or timestamp: { format: 'dd/MMM/yyyy:HH:mm:ss zzz', prefix: '[', zone: 'UTC' }
    private static LogTimestampOptions? ReadTimestamp(ConfigReader file)
    {
        if (!file.HasObject("timestamp"))
        {
            return file.String("timestamp") is { } name ? new LogTimestampOptions { Format = name } : null;
        }

        ConfigReader timestamp = file.Object("timestamp");
        var options = new LogTimestampOptions
        {
            Format = timestamp.RequiredString("format", "'iso8601', 'syslog', 'epoch' or a .NET date and time format"),
            JsonField = timestamp.String("jsonField"),
            Prefix = timestamp.String("prefix") ?? "",
        };
        if (timestamp.String("zone") is { } zone)
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? known))
            {
                return options with { TimeZone = known };
            }

            timestamp.Problem("zone", $"is '{zone}', which this system has no time zone for");
        }

        return options;
    }

    private static void RequireNoThing(ConfigReader file, string key, string value)
    {
        if (value.Contains("{thing}", StringComparison.Ordinal))
        {
            file.Problem(key, "holds {thing}, but 'thing' is missing");
        }
    }
}
