using System.Collections.Concurrent;
using IotOps.Logs.Logging;
using IotOps.Logs.Tail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs;

/// <summary>
/// Sends an application's log messages to CloudWatch Logs by way of a <see cref="LogShipper"/>'s spool: a message is with the operating system
/// when the call returns, and no call waits for the service. Nothing is thrown into the caller.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Messages of the categories <c>IotOps.Logs.*</c> and <c>IotOps.Aws.*</c> are not taken: sending them would make
/// more of them. A host's other providers have them; outside of a host give them a factory of their own by <see cref="LogShipperOptions.LoggerFactory"/>.
/// </remarks>
[ProviderAlias("CloudWatch")]
public sealed class CloudWatchLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    private static readonly string[] OwnCategories = ["IotOps.Logs", "IotOps.Aws"];

    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly CloudWatchLoggerOptions _options;
    private readonly LogShipper _shipper;
    private readonly bool _ownsShipper;
    private readonly TimeProvider _time;
    private readonly StreamTemplate _group;
    private readonly StreamTemplate _stream;
    private DatedDestination _destination;
    private int _disposed;

    /// <summary>Logs through a shipper that others use too: started, stopped and disposed by its owner.</summary>
    /// <exception cref="ArgumentException">CloudWatch Logs does not take the group's or stream's name.</exception>
    public CloudWatchLoggerProvider(CloudWatchLoggerOptions options, LogShipper shipper)
        : this(options, shipper, ownsShipper: false, TimeProvider.System)
    {
    }

    /// <summary>Logs through a shipper of its own, started here; disposing the provider drains it for at most <see cref="CloudWatchLoggerOptions.DrainTimeout"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or CloudWatch Logs does not take the group's or stream's name.</exception>
    /// <exception cref="IOException">The state directory cannot be used, or another shipper uses it.</exception>
    public CloudWatchLoggerProvider(CloudWatchLoggerOptions options, LogShipperOptions shipperOptions)
        : this(Checked(options, shipperOptions?.ThingName), new LogShipper(shipperOptions!), ownsShipper: true, shipperOptions!.TimeProvider)
    {
        _shipper.Start();
    }

    internal CloudWatchLoggerProvider(CloudWatchLoggerOptions options, LogShipper shipper, bool ownsShipper, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(shipper);
        _options = Checked(options, shipper.ThingName);
        _shipper = shipper;
        _ownsShipper = ownsShipper;
        _time = time;
        _group = StreamTemplate.ForGroup(options.Group, shipper.ThingName, ofFile: false);
        _stream = StreamTemplate.ForStream(options.Stream, shipper.ThingName, ofFile: false);
        _destination = Expand(time.GetUtcNow());
    }

    /// <summary>What the shipper has done so far; after disposing, what it left on disk too.</summary>
    public LogShipperStatistics Statistics => _shipper.Statistics;

    internal IExternalScopeProvider? Scopes { get; private set; }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return _loggers.GetOrAdd(
            categoryName,
            category => IsOwn(category) ? NullLogger.Instance : new CloudWatchLogger(this, category, _options, _shipper, _time));
    }

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Drains a shipper of its own for at most <see cref="CloudWatchLoggerOptions.DrainTimeout"/>, and blocks that long: prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>Drains a shipper of its own for at most <see cref="CloudWatchLoggerOptions.DrainTimeout"/>; leaves a shared one alone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1 || !_ownsShipper)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(_options.DrainTimeout, _time);
        LogShipperStatistics final = await _shipper.StopAsync(deadline.Token).ConfigureAwait(false);
        _options.Drained?.Invoke(final);
    }

    /// <summary>Where a message of this time goes.</summary>
    internal LogDestination DestinationAt(DateTimeOffset time)
    {
        DatedDestination destination = Volatile.Read(ref _destination);
        if (destination.Day != time.UtcDateTime.Date)
        {
            destination = Expand(time);
            Volatile.Write(ref _destination, destination);
        }

        return destination.Destination;
    }

    private static bool IsOwn(string category) =>
        OwnCategories.Any(own =>
            category.StartsWith(own, StringComparison.Ordinal) && (category.Length == own.Length || category[own.Length] == '.'));

    private DatedDestination Expand(DateTimeOffset time) =>
        new(time.UtcDateTime.Date, new LogDestination(_group.Expand("", time), _stream.Expand("", time)));

    // Before a shipper is made, which would be left behind.
    private static CloudWatchLoggerOptions Checked(CloudWatchLoggerOptions options, string? thing)
    {
        ArgumentNullException.ThrowIfNull(options);
        StreamTemplate.ForGroup(options.Group, thing, ofFile: false);
        StreamTemplate.ForStream(options.Stream, thing, ofFile: false);
        return options.DrainTimeout >= TimeSpan.Zero
            ? options
            : throw new ArgumentException($"DrainTimeout is {options.DrainTimeout}; it is zero or longer.", nameof(options));
    }

    /// <summary>The destination of one UTC day.</summary>
    private sealed record DatedDestination(DateTime Day, LogDestination Destination);
}
