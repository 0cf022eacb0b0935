using IotOps.Defender;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Defender;

/// <summary>What the configuration means for the metrics collector.</summary>
internal static class AgentCollector
{
    /// <summary>A collector as the configuration describes it; with the library's defaults where it says nothing, or where there is none.</summary>
    public static MetricsCollector Of(DefenderConfig? config, string? stateFile, ILoggerFactory loggers)
    {
        var options = new MetricsCollectorOptions { StateFile = stateFile, LoggerFactory = loggers };
        return new MetricsCollector(config is null ? options : options with
        {
            ProcfsRoot = config.Procfs ?? options.ProcfsRoot,
            ProcessId = config.Process,
            BuiltIn = config.CustomMetrics,
            IncludeInterfaces = config.IncludeInterfaces.Count > 0 ? config.IncludeInterfaces : options.IncludeInterfaces,
            ExcludeInterfaces = config.ExcludeInterfaces ?? options.ExcludeInterfaces,
        });
    }
}
