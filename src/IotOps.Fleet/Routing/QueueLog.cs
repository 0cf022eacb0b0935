using Microsoft.Extensions.Logging;

namespace IotOps.Fleet.Routing;

/// <summary>What the readers of queues log. Never what a message says.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(300, LogLevel.Warning, "The queue gave nothing ({Failures} failures in a row; again in {Wait}): {Error}")]
    public static partial void NotReceived(ILogger logger, string error, int failures, TimeSpan wait);

    [LoggerMessage(301, LogLevel.Warning, "Message {Id} was not handled by {Route}; it comes again: {Error}")]
    public static partial void NotHandled(ILogger logger, string id, string route, string error);

    [LoggerMessage(302, LogLevel.Warning, "Handled messages were not deleted; they come again: {Error}")]
    public static partial void NotDeleted(ILogger logger, string error);

    [LoggerMessage(303, LogLevel.Warning, "Message {Id} could not be kept hidden while it is handled; it may be handled twice: {Error}")]
    public static partial void NotProlonged(ILogger logger, string id, string error);
}
