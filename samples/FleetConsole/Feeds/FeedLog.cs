namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>What feeds log.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(LogLevel.Warning, "Feed {Feed} failed and begins again in {Seconds} s: {Why}")]
    public static partial void Failed(ILogger logger, string feed, string why, double seconds);

    [LoggerMessage(LogLevel.Information, "Feed {Feed}: {Added} new, {Repeated} known already, {Refused} refused, {Problems} problems; the last one: {Last}")]
    public static partial void Progress(ILogger logger, string feed, long added, long repeated, long refused, long problems, string last);

    [LoggerMessage(LogLevel.Warning, "What is too old was not dropped: {Why}")]
    public static partial void NotMaintained(ILogger logger, string why);
}
