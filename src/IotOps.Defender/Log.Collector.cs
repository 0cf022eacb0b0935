using Microsoft.Extensions.Logging;

namespace IotOps.Defender;

/// <summary>What the collector logs: 720-739. Names, never values.</summary>
internal static partial class Log
{
    [LoggerMessage(720, LogLevel.Warning, "{Block} cannot be read and is left out of reports until it can: {Reason}")]
    public static partial void Unreadable(ILogger logger, string block, string reason);

    [LoggerMessage(721, LogLevel.Information, "{Block} can be read again")]
    public static partial void Readable(ILogger logger, string block);

    [LoggerMessage(722, LogLevel.Warning, "Custom metric {Name} is left out of reports until its function gives a valid value: {Reason}")]
    public static partial void MetricLeftOut(ILogger logger, string name, string reason);

    [LoggerMessage(723, LogLevel.Information, "Custom metric {Name} is reported from now on")]
    public static partial void MetricReported(ILogger logger, string name);

    [LoggerMessage(724, LogLevel.Warning, "The traffic counters kept in {File} cannot be used, network_stats begin anew: {Reason}")]
    public static partial void BaselineUnusable(ILogger logger, string file, string reason);

    [LoggerMessage(725, LogLevel.Error, "The disk refuses the traffic counters in {File}: free space there. Until it takes them a restart of this process leaves a gap in network_stats. {Reason}")]
    public static partial void BaselineRefused(ILogger logger, string file, string reason);

    [LoggerMessage(726, LogLevel.Information, "The traffic counters are kept in {File} again")]
    public static partial void BaselineKept(ILogger logger, string file);
}
