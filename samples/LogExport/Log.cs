using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>All that this program logs. Never secrets, response_urls, links or what devices wrote.</summary>
internal static partial class Log
{
    [LoggerMessage(901, LogLevel.Warning, "Request {Id}: a message to Slack was not taken as it should be ({Outcome}): {Detail}")]
    public static partial void NotPosted(ILogger logger, string id, SlackPostOutcome outcome, string detail);

    [LoggerMessage(902, LogLevel.Information, "Request {Id}: {Text} for user {User} is job {Job}")]
    public static partial void Submitted(ILogger logger, string id, string text, string user, string job);

    [LoggerMessage(903, LogLevel.Information, "Request {Id} was made before; its job goes on")]
    public static partial void Repeated(ILogger logger, string id);

    [LoggerMessage(904, LogLevel.Error, "A command could not be carried out: {Reason}")]
    public static partial void CommandFailed(ILogger logger, string reason);

    [LoggerMessage(905, LogLevel.Warning, "A request was refused: {Why}")]
    public static partial void Refused(ILogger logger, string why);

    [LoggerMessage(906, LogLevel.Warning, "A request whose answers would go to {Host} was refused; slack.responseHosts in the configuration lists where they may go")]
    public static partial void ResponseUrlRefused(ILogger logger, string host);

    [LoggerMessage(907, LogLevel.Warning, "The answer came later than {Limit}; it is posted afterwards")]
    public static partial void Late(ILogger logger, TimeSpan limit);

    [LoggerMessage(908, LogLevel.Warning, "{Count} requests are under way, which is as many as may; one more was turned away")]
    public static partial void Busy(ILogger logger, int count);

    [LoggerMessage(909, LogLevel.Error, "A request met an error nobody foresaw")]
    public static partial void Unforeseen(ILogger logger, Exception exception);

    [LoggerMessage(911, LogLevel.Error, "Request {Id}: the export failed")]
    public static partial void ExportFailed(ILogger logger, string id, Exception exception);

    [LoggerMessage(910, LogLevel.Warning, "Work behind an answer has not ended in the time that Lambda gives; it goes on with the next event")]
    public static partial void LateWorkLeft(ILogger logger);
}
