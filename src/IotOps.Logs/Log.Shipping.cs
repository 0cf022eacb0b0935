using System.Net;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>What this package logs. Never what it ships, never credentials.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning, "CloudWatch Logs refused a compressed request with {Code} ({Status}) and took it uncompressed: gzip stays off for this endpoint")]
    public static partial void GzipRefused(ILogger logger, string code, HttpStatusCode? status);

    [LoggerMessage(201, LogLevel.Information, "Created log stream {Group}:{Stream}")]
    public static partial void Created(ILogger logger, string group, string stream);

    [LoggerMessage(202, LogLevel.Warning, "Log group {Group} was created, but its retention could not be set to {Days} days ({Code}): allow logs:PutRetentionPolicy, or set it by hand")]
    public static partial void RetentionRefused(ILogger logger, string group, int days, string code);

    [LoggerMessage(203, LogLevel.Warning, "Cannot send to {Group}:{Stream}: {Code}. Trying again in {Seconds:F0} s and on; nothing is lost meanwhile. {Reason}")]
    public static partial void LaneFailing(ILogger logger, string group, string stream, string code, double seconds, string reason);

    [LoggerMessage(204, LogLevel.Error, "CloudWatch Logs does not allow writing to {Group}:{Stream} ({Code}): grant logs:PutLogEvents, logs:CreateLogStream and logs:CreateLogGroup, or raise the quota. Trying again every minute; other streams go on. {Reason}")]
    public static partial void LaneDenied(ILogger logger, string group, string stream, string code, string reason);

    [LoggerMessage(205, LogLevel.Information, "Sending to {Group}:{Stream} works again after {Seconds:F0} s")]
    public static partial void LaneRecovered(ILogger logger, string group, string stream, double seconds);

    [LoggerMessage(206, LogLevel.Error, "Sending to {Group}:{Stream} failed in an unforeseen way; it is tried again")]
    public static partial void LaneFailed(ILogger logger, string group, string stream, Exception exception);

    [LoggerMessage(207, LogLevel.Warning, "CloudWatch Logs left out {Count} events for {Group}:{Stream} because of their time")]
    public static partial void EventsRejected(ILogger logger, int count, string group, string stream);

    [LoggerMessage(208, LogLevel.Error, "CloudWatch Logs refuses an event for {Group}:{Stream} as invalid ({Code}); it is kept in {Path}")]
    public static partial void EventQuarantined(ILogger logger, string group, string stream, string code, string path);

    [LoggerMessage(209, LogLevel.Error, "A refused event could not be kept in {Path}")]
    public static partial void QuarantineFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(210, LogLevel.Error, "The checkpoint cannot be written. Shipping goes on; after a crash, what was accepted since the last good write is sent again")]
    public static partial void CheckpointRefused(ILogger logger, Exception exception);

    [LoggerMessage(211, LogLevel.Information, "The checkpoint can be written again")]
    public static partial void CheckpointRecovered(ILogger logger);

    [LoggerMessage(212, LogLevel.Error, "The disk refuses the spool in {Directory}: free space there. Events that have no file behind them are dropped and counted meanwhile")]
    public static partial void SpoolRefused(ILogger logger, string directory, Exception exception);

    [LoggerMessage(213, LogLevel.Error, "The spool has reached its limit of {Limit} bytes: its oldest events are dropped and counted from now on")]
    public static partial void SpoolFull(ILogger logger, long limit);

    [LoggerMessage(214, LogLevel.Error, "Spool segment {Path} has lost {Count} events to a damaged disk")]
    public static partial void SpoolDamaged(ILogger logger, string path, int count);

    [LoggerMessage(215, LogLevel.Warning, "Spool segment {Path} ({Length} bytes) was begun by a process that ended before it held an event; it is removed")]
    public static partial void SpoolUnreadable(ILogger logger, string path, int length);

    [LoggerMessage(216, LogLevel.Information, "Sending {Events} events that an earlier run left in the spool")]
    public static partial void SpoolFound(ILogger logger, long events);

    [LoggerMessage(217, LogLevel.Warning, "{Events} events for {Group}:{Stream} were moved to the spool")]
    public static partial void Spilled(ILogger logger, int events, string group, string stream);

    [LoggerMessage(218, LogLevel.Error, "The shipping loop met an unforeseen error and goes on")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(219, LogLevel.Information, "Stopped; {Pending} events are left on disk for the next start, and {Files} files hold more that could not be read or is held back")]
    public static partial void Stopped(ILogger logger, long pending, long files);

    [LoggerMessage(220, LogLevel.Error, "Spool segment {Path} ({Length} bytes) cannot be read: it is set aside as .damaged and not sent")]
    public static partial void SpoolSetAside(ILogger logger, string path, int length);

    [LoggerMessage(221, LogLevel.Warning, "Others than its owner may use the state directory {Directory} (mode {Mode}). Its files are closed to them; for the directory, run: chmod 700 {Directory}")]
    public static partial void StateDirectoryOpen(ILogger logger, string directory, string mode);

    [LoggerMessage(222, LogLevel.Information, "{Events} spooled events go to {New}, as configured now; they were to go to {Old}")]
    public static partial void SpoolRedirected(ILogger logger, int events, string old, string @new);
}
