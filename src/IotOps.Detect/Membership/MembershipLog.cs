using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Membership;

internal static partial class MembershipLog
{
    [LoggerMessage(1040, LogLevel.Warning, "The groups of things could not be read; what was read last ({Things} things) holds: {Problem}")]
    public static partial void Failed(ILogger logger, int things, string problem);

    [LoggerMessage(1041, LogLevel.Warning, "Thing group {Group} could not be read; the {Things} things that it had before stay in it: {Problem}")]
    public static partial void GroupFailed(ILogger logger, string group, int things, string problem);

    [LoggerMessage(1042, LogLevel.Warning, "Thing group {Group} does not exist: profiles that are attached to it hold for nothing")]
    public static partial void GroupMissing(ILogger logger, string group);

    [LoggerMessage(1043, LogLevel.Error, "Reading the groups of things met an error that it did not foresee, and continues")]
    public static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(1044, LogLevel.Warning, "The registry could not be listed; the {Things} things that were known before stay: {Problem}")]
    public static partial void RegistryFailed(ILogger logger, int things, string problem);
}
