using System.Text.RegularExpressions;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.DependencyInjection;

/// <summary>What is shipped: files and the journal.</summary>
internal static class LogFileSettings
{
    private const string Group = "the log group, such as 'devices'";
    private const string Stream = "the log stream, such as '{thing}/syslog'";

    public static LogFileOptions Read(SettingsReader settings)
    {
        var defaults = new LogFileOptions
        {
            Path = settings.Required(nameof(LogFileOptions.Path), "the file, or a pattern such as '/var/log/app/*.log'"),
            Group = settings.Required(nameof(LogFileOptions.Group), Group),
            Stream = settings.Required(nameof(LogFileOptions.Stream), Stream),
        };
        return defaults with
        {
            Exclude = settings.Texts(nameof(LogFileOptions.Exclude), defaults.Exclude),
            Start = settings.Choice(nameof(LogFileOptions.Start), defaults.Start),
            Encoding = settings.Choice(nameof(LogFileOptions.Encoding), defaults.Encoding),
            MultiLine = settings.Object(nameof(LogFileOptions.MultiLine), ReadMultiLine),
            IncludeEvents = settings.Pattern(nameof(LogFileOptions.IncludeEvents)),
            ExcludeEvents = settings.Pattern(nameof(LogFileOptions.ExcludeEvents)),
            MinimumLevel = settings.OptionalChoice<LogLevel>(nameof(LogFileOptions.MinimumLevel)),
            Timestamp = settings.Object(nameof(LogFileOptions.Timestamp), ReadTimestamp),
        };
    }

    public static LogJournalOptions ReadJournal(SettingsReader settings)
    {
        var defaults = new LogJournalOptions
        {
            Group = settings.Required(nameof(LogJournalOptions.Group), Group),
            Stream = settings.Required(nameof(LogJournalOptions.Stream), Stream),
        };
        return defaults with
        {
            Directory = settings.Text(nameof(LogJournalOptions.Directory)),
            Units = settings.Texts(nameof(LogJournalOptions.Units), defaults.Units),
            Start = settings.Choice(nameof(LogJournalOptions.Start), defaults.Start),
            MinimumLevel = settings.OptionalChoice<LogLevel>(nameof(LogJournalOptions.MinimumLevel)),
            Program = settings.Text(nameof(LogJournalOptions.Program), defaults.Program) ?? defaults.Program,
        };
    }

    private static MultiLineOptions ReadMultiLine(SettingsReader settings)
    {
        Regex? start = settings.Pattern(nameof(MultiLineOptions.Start), "a regular expression that matches the first line of an event");
        var defaults = new MultiLineOptions { Start = start ?? new Regex("^", RegexOptions.NonBacktracking) };
        return defaults with { FlushAfter = settings.Duration(nameof(MultiLineOptions.FlushAfter), defaults.FlushAfter) };
    }

    private static LogTimestampOptions ReadTimestamp(SettingsReader settings)
    {
        var defaults = new LogTimestampOptions
        {
            Format = settings.Required(nameof(LogTimestampOptions.Format), "'iso8601', 'syslog' or a format of .NET such as 'dd/MMM/yyyy:HH:mm:ss zzz'"),
        };
        return defaults with
        {
            JsonField = settings.Text(nameof(LogTimestampOptions.JsonField)),
            Prefix = settings.Text(nameof(LogTimestampOptions.Prefix), defaults.Prefix) ?? defaults.Prefix,
            TimeZone = settings.TimeZone(nameof(LogTimestampOptions.TimeZone), defaults.TimeZone),
        };
    }
}
