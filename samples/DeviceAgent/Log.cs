using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Started: {Count} file patterns, region {Region}")]
    public static partial void Started(ILogger logger, int count, string region);

    [LoggerMessage(2, LogLevel.Information, "Stopping: what was read is shipped first")]
    public static partial void Stopping(ILogger logger);
}
