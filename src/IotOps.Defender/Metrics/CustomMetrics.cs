using IotOps.Defender.Linux;
using IotOps.Defender.Portable;
using IotOps.Defender.Validation;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Metrics;

/// <summary>The custom metrics of a collector: the ready-made ones that are wanted, and those that were registered.</summary>
internal sealed class CustomMetrics
{
    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private CustomMetric[] _metrics = [];

    public CustomMetrics(ILogger logger, MetricsCollectorOptions options, ProcPaths? proc)
    {
        _logger = logger;
        foreach (string name in options.BuiltIn)
        {
            Func<double?> read = BuiltIn(name, options, proc);
            Add(name, () => read() is { } value ? CustomMetricValue.Number(value) : null);
        }

        // Its first sample has nothing to compare with, which is nothing to warn of.
        if (Array.Find(_metrics, static metric => metric.Name == BuiltInMetrics.CpuUsage) is { } cpu)
        {
            cpu.IsLeftOut = proc is not null;
        }
    }

    /// <exception cref="ArgumentException">The name is none, begins with <c>aws:</c>, or is taken.</exception>
    public void Add(string name, Func<CustomMetricValue?> read)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (CustomMetricRules.NameError(name) is { } error)
        {
            throw new ArgumentException(error, nameof(name));
        }

        lock (_lock)
        {
            if (Array.Exists(_metrics, metric => metric.Name == name))
            {
                throw new ArgumentException($"The custom metric '{name}' is there already; give each its own name.", nameof(name));
            }

            _metrics = [.. _metrics, new CustomMetric(name, read)];
        }
    }

    public void Collect(DefenderReportBuilder report)
    {
        // A function may register another metric: that one begins with the next sample.
        CustomMetric[] metrics;
        lock (_lock)
        {
            metrics = _metrics;
        }

        foreach (CustomMetric metric in metrics)
        {
            string? reason = TryReport(metric, report);
            if (reason is not null && !metric.IsLeftOut)
            {
                Log.MetricLeftOut(_logger, metric.Name, reason);
            }
            else if (reason is null && metric.IsLeftOut)
            {
                Log.MetricReported(_logger, metric.Name);
            }

            metric.IsLeftOut = reason is not null;
        }
    }

    // What was wrong; null when it is reported. Without the exception's message, which may hold a value.
    private static string? TryReport(CustomMetric metric, DefenderReportBuilder report)
    {
        try
        {
            if (metric.Read() is not { } value)
            {
                return "it gave none";
            }

            report.SetCustomMetric(metric.Name, value);
            return null;
        }
#pragma warning disable CA1031 // Whatever the caller's function throws, the rest of the report goes out.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"it threw {e.GetType().Name}";
        }
    }

    private static Func<double?> BuiltIn(string name, MetricsCollectorOptions options, ProcPaths? proc) => name switch
    {
        BuiltInMetrics.CpuUsage => proc is null ? static () => null : new ProcessorTimes(proc).Usage,
        BuiltInMetrics.MemoryUsage => proc is null ? PortableMemory.Usage : new MemoryUse(proc).Usage,
        BuiltInMetrics.DiskUsage => new DiskUse(options.DiskPath, options.FileSystem).Usage,
        _ => throw new ArgumentException($"'{name}' is no ready-made metric.", nameof(name)),
    };
}
