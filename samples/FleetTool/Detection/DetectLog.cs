using Microsoft.Extensions.Logging;

namespace IotOps.Samples.FleetTool.Detection;

internal static partial class DetectLog
{
    [LoggerMessage(10, LogLevel.Information, "Detection began: {Profiles} security profiles, messages from {Inbox}, state in {State}, groups of {Membership}, alarms to {Alarms}")]
    public static partial void Began(ILogger logger, int profiles, string inbox, string state, string membership, string alarms);

    [LoggerMessage(11, LogLevel.Information, "{Statistics}")]
    public static partial void Statistics(ILogger logger, string statistics);

    [LoggerMessage(12, LogLevel.Information, "Stopping: the batches in hand are finished first")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(13, LogLevel.Warning, "Alarms could not be read from the state, and are read again: {Problem}")]
    public static partial void NotPrinted(ILogger logger, string problem);
}
