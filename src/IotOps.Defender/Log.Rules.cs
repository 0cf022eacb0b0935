using Microsoft.Extensions.Logging;

namespace IotOps.Defender;

internal static partial class Log
{
    [LoggerMessage(760, LogLevel.Warning, "Behavior {Behavior} is not evaluated: {Metric} is reported as {Found}, which {Operator} cannot be asked of")]
    public static partial void MetricDoesNotFit(ILogger logger, string behavior, string metric, string found, string @operator);

    [LoggerMessage(761, LogLevel.Warning, "The state of alarms cannot be stored in {File}: after a restart they begin anew")]
    public static partial void AlarmsNotStored(ILogger logger, string file, Exception exception);

    [LoggerMessage(762, LogLevel.Warning, "The stored state of alarms in {File} cannot be read: they begin anew")]
    public static partial void AlarmsNotRead(ILogger logger, string file);
}
