using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Working;

internal static partial class WorkerLog
{
    [LoggerMessage(1000, LogLevel.Warning, "A message cannot be read and stays in the inbox (delivery {Deliveries}): {Problem}")]
    public static partial void Unreadable(ILogger logger, int deliveries, string problem);

    [LoggerMessage(1001, LogLevel.Error, "{Thing} could not be evaluated; its messages come again")]
    public static partial void NotEvaluated(ILogger logger, string thing, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "Other workers changed {Things} things each time they were evaluated; their messages come again")]
    public static partial void Contended(ILogger logger, int things);

    [LoggerMessage(1003, LogLevel.Warning, "The worker waits {Wait} after {Failures} failures in a row: {Problem}")]
    public static partial void Waiting(ILogger logger, TimeSpan wait, int failures, string problem);

    [LoggerMessage(1004, LogLevel.Error, "The worker met an error that it did not foresee, and continues after {Wait}")]
    public static partial void Unexpected(ILogger logger, TimeSpan wait, Exception exception);
}
