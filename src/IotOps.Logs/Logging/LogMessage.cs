using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Logging;

/// <summary>One message, its text made.</summary>
internal readonly record struct LogMessage(
    DateTimeOffset Time, LogLevel Level, string Category, EventId EventId, string Text, Exception? Exception)
{
    /// <summary>The level's usual short name.</summary>
    public string LevelName => Level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "none",
    };
}
