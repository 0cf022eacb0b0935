using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport;

/// <summary>All that this package logs. Never secrets, response_urls, links or what devices wrote.</summary>
internal static partial class Log
{
    [LoggerMessage(901, LogLevel.Warning, "Request {Id}: a message to Slack was not taken as it should be ({Outcome}): {Detail}")]
    public static partial void NotPosted(ILogger logger, string id, SlackPostOutcome outcome, string detail);

    [LoggerMessage(902, LogLevel.Information, "Request {Id}: {Text} for user {User} is job {Job}")]
    public static partial void Submitted(ILogger logger, string id, string text, string user, string job);

    [LoggerMessage(903, LogLevel.Information, "Request {Id} was made before; its job continues")]
    public static partial void Repeated(ILogger logger, string id);

    [LoggerMessage(904, LogLevel.Error, "A command could not be carried out: {Reason}")]
    public static partial void CommandFailed(ILogger logger, string reason);

    [LoggerMessage(905, LogLevel.Warning, "A request was refused: {Why}")]
    public static partial void Refused(ILogger logger, string why);

    [LoggerMessage(906, LogLevel.Warning, "A request whose answers would go to {Host} was refused; ResponseHosts (slack.responseHosts in LogExport's configuration) lists where they may go")]
    public static partial void ResponseUrlRefused(ILogger logger, string host);

    [LoggerMessage(907, LogLevel.Warning, "The answer was not ready within {Limit}; it will be posted when it is")]
    public static partial void Late(ILogger logger, TimeSpan limit);

    [LoggerMessage(908, LogLevel.Warning, "{Count} requests are in flight, which is the limit; one more was turned away")]
    public static partial void Busy(ILogger logger, int count);

    [LoggerMessage(909, LogLevel.Error, "Unexpected error while handling a request")]
    public static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(910, LogLevel.Warning, "Background work did not finish before the Lambda deadline; it continues with the next event")]
    public static partial void LateWorkLeft(ILogger logger);

    [LoggerMessage(911, LogLevel.Error, "Request {Id}: the export failed")]
    public static partial void ExportFailed(ILogger logger, string id, Exception exception);

    [LoggerMessage(912, LogLevel.Warning, "Background work did not finish before the host stopped; it was cancelled")]
    public static partial void LateWorkCancelled(ILogger logger);

    [LoggerMessage(913, LogLevel.Information, "Granted: {Asked}; {Who}")]
    public static partial void Granted(ILogger logger, string who, string asked);

    [LoggerMessage(914, LogLevel.Warning, "Denied: {Asked}; {Who}; {Why}")]
    public static partial void Denied(ILogger logger, string who, string asked, string why);

    [LoggerMessage(915, LogLevel.Warning, "The members of the user group {Group} are not known, so nobody counts as one: {Why}")]
    public static partial void UserGroupUnknown(ILogger logger, string group, string why);

    [LoggerMessage(917, LogLevel.Information, "The log file of request {Id}, made by user {User}, was downloaded by a link of this program")]
    public static partial void Downloaded(ILogger logger, string id, string user);

    [LoggerMessage(918, LogLevel.Error, "The job {Job} of request {Id} failed, exit code {ExitCode}: {Why}")]
    public static partial void JobFailed(ILogger logger, string id, string job, int? exitCode, string why);

    [LoggerMessage(916, LogLevel.Warning, "Denied: user {User} has as many exports within an hour as one may; nothing was submitted")]
    public static partial void OverQuota(ILogger logger, string user);
}
