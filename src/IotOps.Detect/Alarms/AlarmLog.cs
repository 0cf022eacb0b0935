using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Alarms;

/// <summary>What the alarms' way logs.</summary>
internal static partial class AlarmLog
{
    [LoggerMessage(1060, LogLevel.Warning, "{Sink} did not take a message ({Failures} in a row; again in {Wait}): {Error}")]
    public static partial void Failed(ILogger logger, string sink, string error, int failures, TimeSpan wait);

    [LoggerMessage(1061, LogLevel.Information, "{Sink} takes messages again, after {Failures} failures")]
    public static partial void Recovered(ILogger logger, string sink, int failures);

    [LoggerMessage(1062, LogLevel.Error, "{Pending} alarms wait for {Sink}, which is MaxPending; further ones stay at their source until it takes messages")]
    public static partial void Full(ILogger logger, string sink, int pending);

    [LoggerMessage(1063, LogLevel.Error, "The way of alarms to {Sink} met what it did not foresee, and continues")]
    public static partial void Unexpected(ILogger logger, string sink, Exception error);

    [LoggerMessage(1064, LogLevel.Warning, "Stored alarms could not be read or removed ({Failures} in a row; again in {Wait}): {Error}")]
    public static partial void StoreFailed(ILogger logger, string error, int failures, TimeSpan wait);
}
