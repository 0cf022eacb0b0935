using System.Net;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws;

/// <summary>All that this package logs. Never credentials, tokens or payloads.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "Local clock differs from {Service} by {Skew}: it says {ServiceTime:O}, here it is {LocalTime:O}. Signing with the service's time from now on")]
    public static partial void ClockSkewLearnt(ILogger logger, TimeSpan skew, string service, DateTimeOffset serviceTime, DateTimeOffset localTime);

    [LoggerMessage(102, LogLevel.Debug, "{Service} {Operation} attempt {Attempt} failed: {Code} (HTTP {Status}); trying again in {Delay}")]
    public static partial void Retrying(ILogger logger, string service, string operation, int attempt, string code, HttpStatusCode? status, TimeSpan delay);

    [LoggerMessage(103, LogLevel.Warning, "{Service} {Operation} is not tried again: the retry budget is spent, so many calls are failing")]
    public static partial void RetryBudgetSpent(ILogger logger, string service, string operation);

    [LoggerMessage(104, LogLevel.Information, "{Service} refused the credentials with {Code}; fetching new ones")]
    public static partial void RefreshingCredentials(ILogger logger, string service, string code);

    [LoggerMessage(105, LogLevel.Debug, "New AWS credentials through role alias {RoleAlias}, good for {Lifetime}")]
    public static partial void CredentialsRefreshed(ILogger logger, string roleAlias, TimeSpan lifetime);

    [LoggerMessage(106, LogLevel.Warning, "AWS credentials through role alias {RoleAlias} could not be refreshed: {Reason} The old ones serve until {OldExpire:O}; next try in {Pause}")]
    public static partial void CredentialsRefreshFailed(ILogger logger, string roleAlias, string reason, DateTime? oldExpire, TimeSpan pause);

    [LoggerMessage(107, LogLevel.Warning, "The private key {File} is open to others than its owner (mode {Mode}): chmod 600 '{File}'")]
    public static partial void KeyIsExposed(ILogger logger, string file, string mode);
}
