using IotOps.Defender.Deltas;
using IotOps.Defender.Linux;
using IotOps.Defender.Metrics;
using IotOps.Defender.Portable;
using IotOps.Defender.Readings;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender;

/// <summary>
/// Measures what Device Defender reports are about: connections, listening ports and traffic of this machine, and custom metrics. Linux is read
/// from <c>/proc</c>, other systems through <c>System.Net.NetworkInformation</c>. What cannot be read is left out of the report, because an empty
/// list would tell the service that there is nothing.
/// </summary>
/// <remarks>
/// Safe for concurrent use; one collection at a time. A collection blocks for some milliseconds, most of it in the kernel.
/// See "Device metrics" in the AWS IoT Device Defender developer guide.
/// </remarks>
public sealed class MetricsCollector
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly NetworkCollector _network;
    private readonly TrafficDeltas _deltas = new();
    private readonly BaselineStore? _store;
    private readonly CustomMetrics _customMetrics;
    private bool _isRestored;
    private long _samples;

    /// <summary>Reads nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MetricsCollector(MetricsCollectorOptions options)
    {
        MetricsCollectorOptionsCheck.Check(options);
        ILogger logger = options.LoggerFactory.CreateLogger("IotOps.Defender.MetricsCollector");
        var filter = new InterfaceFilter(options.IncludeInterfaces, options.ExcludeInterfaces);
        _time = options.TimeProvider;
        INetworkReadings readings;
        if (OperatingSystem.IsLinux())
        {
            var proc = new ProcPaths(options.ProcfsRoot, options.ProcessId, options.FileSystem, options.SysfsRoot);
            readings = new ProcNetwork(proc, filter);
            _store = options.StateFile is null ? null : new BaselineStore(options.StateFile, proc, logger);
            _customMetrics = new CustomMetrics(logger, options, proc);
        }
        else
        {
            readings = new PortableNetwork(filter);
            _customMetrics = new CustomMetrics(logger, options, proc: null);
        }

        _network = new NetworkCollector(readings, logger);
    }

    /// <summary>Measures, and puts what it found into the builder in place of what was there.</summary>
    /// <returns>What to give to <see cref="Accept"/> when the service has accepted the report.</returns>
    public MetricsSample Collect(DefenderReportBuilder report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_lock)
        {
            if (!_isRestored)
            {
                _isRestored = true;
                _deltas.Restore(_store?.Load());
            }

            report.Clear();
            DateTimeOffset time = _time.GetUtcNow();
            _network.CollectSockets(report);
            InterfaceReadings? interfaces = _network.ReadInterfaces();
            if (interfaces is not null)
            {
                _deltas.Add(interfaces);
                report.NetworkStats = _deltas.SinceAccepted;
            }

            _customMetrics.Collect(report);
            return new MetricsSample(this, time, ++_samples)
            {
                Traffic = interfaces is null ? null : _deltas.Total,
                Counters = _store is null ? null : interfaces?.ToArray(),
            };
        }
    }

    /// <summary>
    /// The service has accepted the report that this sample went into: the next reports say what the interfaces carried since then. Samples that
    /// are older than one already accepted change nothing. Puts the counters into <see cref="MetricsCollectorOptions.StateFile"/>; a disk that
    /// refuses is logged.
    /// </summary>
    /// <exception cref="ArgumentException">The sample is another collector's.</exception>
    public void Accept(MetricsSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Collector != this)
        {
            throw new ArgumentException("The sample is another collector's; give back what Collect of this one returned.", nameof(sample));
        }

        lock (_lock)
        {
            if (_deltas.Accept(sample) && _store is not null && sample.Counters is not null)
            {
                _store.Save(sample.Counters);
            }
        }
    }

    /// <summary>
    /// Reports what a function gives, from the next sample on, as a custom metric of type <c>number</c>. A function that throws or gives null
    /// leaves its metric out of that report; the rest is reported. Functions are called one after the other while collecting: keep them short.
    /// </summary>
    /// <param name="name">1-128 of letters, digits, <c>:</c>, <c>_</c> and <c>-</c>, as created in AWS IoT Device Defender.</param>
    /// <param name="read">Gives the value; at most 15 digits.</param>
    /// <exception cref="ArgumentException">The name is none, begins with <c>aws:</c>, or is taken.</exception>
    public void RegisterMetric(string name, Func<double?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _customMetrics.Add(name, () => read() is { } value ? CustomMetricValue.Number(value) : null);
    }

    /// <summary>The same as a <c>number_list</c>.</summary>
    /// <inheritdoc cref="RegisterMetric(string, Func{double?})"/>
    public void RegisterMetric(string name, Func<IEnumerable<double>?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _customMetrics.Add(name, () => read() is { } values ? CustomMetricValue.NumberList(values) : null);
    }

    /// <summary>The same as a <c>string_list</c>.</summary>
    /// <inheritdoc cref="RegisterMetric(string, Func{double?})"/>
    public void RegisterMetric(string name, Func<IEnumerable<string>?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _customMetrics.Add(name, () => read() is { } values ? CustomMetricValue.StringList(values) : null);
    }

    /// <summary>The same as an <c>ip_list</c>.</summary>
    /// <inheritdoc cref="RegisterMetric(string, Func{double?})"/>
    public void RegisterMetric(string name, Func<IEnumerable<InternetAddress>?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _customMetrics.Add(name, () => read() is { } values ? CustomMetricValue.IpList(values) : null);
    }
}
