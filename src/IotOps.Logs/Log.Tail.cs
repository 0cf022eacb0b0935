using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>What the tail logs: 240-279.</summary>
internal static partial class Log
{
    [LoggerMessage(240, LogLevel.Information, "Tailing {Path} from byte {Offset} to {Destination}")]
    public static partial void Tailing(ILogger logger, string path, long offset, string destination);

    [LoggerMessage(241, LogLevel.Debug, "{Old} is now {New}; reading goes on there at byte {Offset}")]
    public static partial void Moved(ILogger logger, string old, string @new, long offset);

    [LoggerMessage(242, LogLevel.Warning, "{Path} was truncated or replaced, and no copy of its old content was found beside it; {Unread} known bytes of it were not read")]
    public static partial void ContentGone(ILogger logger, string path, long unread);

    [LoggerMessage(243, LogLevel.Information, "{Path} is so far equal to {Original}, as a copy of it would be: it is held back. It is shipped when it becomes different, or, up to 64 KiB, when neither has changed for 5 minutes")]
    public static partial void LooksLikeCopy(ILogger logger, string path, string original);

    [LoggerMessage(244, LogLevel.Warning, "{Path} cannot be read and is tried again: {Reason}")]
    public static partial void CannotRead(ILogger logger, string path, string reason);

    [LoggerMessage(245, LogLevel.Warning, "The directory {Path} cannot be listed and is tried again: {Reason}")]
    public static partial void CannotList(ILogger logger, string path, string reason);

    [LoggerMessage(246, LogLevel.Debug, "{Path} is read to its end and gone")]
    public static partial void Released(ILogger logger, string path);

    [LoggerMessage(247, LogLevel.Warning, "The gzip file {Path} is damaged behind byte {Offset} of its content: {Reason}")]
    public static partial void GzipDamaged(ILogger logger, string path, long offset, string reason);

    [LoggerMessage(248, LogLevel.Information, "{Path} was found by the pattern {Pattern}, and no configured one selects it; its position is kept for {Days} days")]
    public static partial void PatternGone(ILogger logger, string path, string pattern, double days);

    [LoggerMessage(249, LogLevel.Warning, "The system tells of no changes in {Path} ({Reason}); its files are looked at every {Seconds} s instead")]
    public static partial void NoNotifications(ILogger logger, string path, string reason, double seconds);

    [LoggerMessage(250, LogLevel.Debug, "The unfinished checkpoint {Path} is left out: {Reason}")]
    public static partial void CheckpointWriteUnfinished(ILogger logger, string path, string reason);

    [LoggerMessage(251, LogLevel.Error, "The checkpoint {Path} is damaged: {Reason}. It is kept as {Kept}, and the one before it is used if there is one: some events may be sent twice")]
    public static partial void CheckpointDamaged(ILogger logger, string path, string reason, string kept);

    [LoggerMessage(252, LogLevel.Error, "No checkpoint in {Directory} can be read: all files are read from their beginning, and events may be sent twice")]
    public static partial void CheckpointLost(ILogger logger, string directory);

    [LoggerMessage(253, LogLevel.Error, "The checkpoint cannot be written and is tried again; nothing is lost unless the process ends meanwhile, then events are sent twice: {Reason}")]
    public static partial void CheckpointNotWritten(ILogger logger, string reason);

    [LoggerMessage(254, LogLevel.Information, "{Path} can be read again")]
    public static partial void CanReadAgain(ILogger logger, string path);

    [LoggerMessage(255, LogLevel.Information, "{Path} is not there; its position, byte {Offset}, is kept for {Days} days")]
    public static partial void Absent(ILogger logger, string path, long offset, double days);

    [LoggerMessage(256, LogLevel.Warning, "The state in {Directory} was written by thing '{Before}' on another machine or under another name, and this is '{Now}': if it was copied from another device, remove it from the image. Positions are kept, and events go where this device's configuration says")]
    public static partial void OwnerChanged(ILogger logger, string directory, string before, string now);

    [LoggerMessage(257, LogLevel.Information, "{Path} goes to {New} from byte {Offset} on, as configured now; it went to {Old}")]
    public static partial void Redirected(ILogger logger, string path, string old, string @new, long offset);

    [LoggerMessage(258, LogLevel.Information, "{Path} is back and read on at byte {Offset}")]
    public static partial void Back(ILogger logger, string path, long offset);

    [LoggerMessage(259, LogLevel.Information, "{Path} was not seen for {Days} days; its position is forgotten")]
    public static partial void Expired(ILogger logger, string path, double days);

    [LoggerMessage(260, LogLevel.Warning, "{Path} is no text but {Format}: it is left alone. Exclude it, or ship what it holds before it is packed")]
    public static partial void NoText(ILogger logger, string path, string format);

    [LoggerMessage(261, LogLevel.Information, "No file matches {Pattern} yet")]
    public static partial void NoMatch(ILogger logger, string pattern);

    [LoggerMessage(262, LogLevel.Warning, "A name that is not UTF-8 cannot be opened: {Path} is not shipped. Rename it")]
    public static partial void NameNotUtf8(ILogger logger, string path);

    [LoggerMessage(263, LogLevel.Information, "{Path} is equal to {Original}, or to its beginning, and neither has changed for {Minutes} minutes: it is shipped as a file of its own")]
    public static partial void NoCopy(ILogger logger, string path, string original, double minutes);

    [LoggerMessage(264, LogLevel.Warning, "The journal cannot be read and is tried again every minute: {Reason}")]
    public static partial void JournalFailed(ILogger logger, string reason);

    [LoggerMessage(265, LogLevel.Information, "The journal can be read again")]
    public static partial void JournalReadAgain(ILogger logger);

    [LoggerMessage(266, LogLevel.Warning, "{Path} is not read: {Reason}")]
    public static partial void LinkRefused(ILogger logger, string path, string reason);

    [LoggerMessage(267, LogLevel.Warning, "The pattern {Pattern} takes too long over lines of {Path}: such lines are not judged by it, which is told once. Nested repetitions, such as (a+)+, do that")]
    public static partial void PatternSlow(ILogger logger, string pattern, string path);
}
