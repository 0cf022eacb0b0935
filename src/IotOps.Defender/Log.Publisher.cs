using Microsoft.Extensions.Logging;

namespace IotOps.Defender;

/// <summary>What this package logs. Never a report, never what is in it.</summary>
internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Debug, "Report {ReportId} of {Bytes} bytes was accepted")]
    public static partial void Accepted(ILogger logger, long reportId, int bytes);

    [LoggerMessage(701, LogLevel.Error, "Report {ReportId} was rejected with {Code}: {Reason}")]
    public static partial void Rejected(ILogger logger, long reportId, string code, string reason);

    [LoggerMessage(702, LogLevel.Warning, "Report {ReportId} was throttled ({Code}): the next one comes in {Delay}. A thing may report every 5 minutes: is there another agent of the same thing?")]
    public static partial void Throttled(ILogger logger, long reportId, string code, TimeSpan delay);

    [LoggerMessage(703, LogLevel.Warning, "Report {ReportId} was not answered in {Timeout}: whether it was accepted is not known, and the next one covers its time too")]
    public static partial void Unanswered(ILogger logger, long reportId, TimeSpan timeout);

    [LoggerMessage(704, LogLevel.Warning, "Report {ReportId} could not be published and is tried again in {Delay}: {Reason}")]
    public static partial void NotPublished(ILogger logger, long reportId, TimeSpan delay, string reason);

    [LoggerMessage(705, LogLevel.Error, "No report could be made this time; the next one is tried after the interval")]
    public static partial void NotBuilt(ILogger logger, Exception exception);

    [LoggerMessage(706, LogLevel.Error, "The host's callback {Callback} failed; reporting goes on")]
    public static partial void CallbackFailed(ILogger logger, string callback, Exception exception);

    [LoggerMessage(707, LogLevel.Error, "Cannot subscribe to {Filter}: no report is sent before its answer can come; trying again. Does the device's policy allow iot:Subscribe and iot:Receive there? {Reason}")]
    public static partial void NotSubscribed(ILogger logger, string filter, string reason);

    [LoggerMessage(708, LogLevel.Warning, "A message on {Topic} ({Bytes} bytes) cannot be read and is ignored: {Reason}")]
    public static partial void MalformedReply(ILogger logger, string topic, int bytes, string reason);

    [LoggerMessage(709, LogLevel.Warning, "The last report id cannot be stored in {File}: after a restart while the clock is behind, ids may repeat. {Reason}")]
    public static partial void IdNotStored(ILogger logger, string file, string reason);

    [LoggerMessage(710, LogLevel.Warning, "{Type}: behavior {Behavior} (violation {ViolationId})")]
    public static partial void Violation(ILogger logger, string type, string behavior, string violationId);

    [LoggerMessage(711, LogLevel.Warning, "An alarm could not be published to {Topic} and is tried again in {Delay}: {Reason}")]
    public static partial void AlarmNotPublished(ILogger logger, string topic, TimeSpan delay, string reason);

    [LoggerMessage(712, LogLevel.Error, "Unexpected error in the publishing loop; continuing")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(713, LogLevel.Warning, "Others than its owner may write in {Directory} (mode {Mode}) and so replace {File}. Run: chmod go-w {Directory}, or keep the file in a directory of its own")]
    public static partial void StateDirectoryOpen(ILogger logger, string directory, string mode, string file);
}
