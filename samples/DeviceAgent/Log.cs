using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Started: {Count} file patterns, {Shadows} shadows")]
    public static partial void Started(ILogger logger, int count, int shadows);

    [LoggerMessage(2, LogLevel.Information, "Stopping: what was read is shipped first")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Stopping: {Count} MQTT messages came that no service took")]
    public static partial void Unmatched(ILogger logger, long count);

    [LoggerMessage(3, LogLevel.Error, "MQTT is refused, and will not be tried again before the next start: {Reason}")]
    public static partial void NotConnected(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Information, "A remediation came by the shadow")]
    public static partial void Remediation(ILogger logger);
}
