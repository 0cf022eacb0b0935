using IotOps.Defender.Publishing;
using IotOps.Shared;

namespace IotOps.Defender;

/// <summary>
/// Reports to AWS IoT Device Defender: every interval it collects, publishes one report and waits for the answer to it. One report at a time;
/// while the connection is down the newest report waits and older ones go. Nothing that goes wrong ends it but disposing it. Safe for
/// concurrent use. See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html.
/// </summary>
public sealed class DefenderPublisher : IAsyncDisposable
{
    private readonly PublisherMetrics _metrics;
    private readonly PublishLoop _loop;
    private readonly Lock _gate = new();
    private bool _started;
    private bool _disposed;

    /// <summary>Checks the options and finds the last report id. Nothing is collected or sent before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DefenderPublisher(DefenderPublisherOptions options)
    {
        PublisherOptionsCheck.Check(options);
        _metrics = new PublisherMetrics(options.TimeProvider);
        _loop = new PublishLoop(options, _metrics);
    }

    /// <summary>What was done so far. The same is counted by the meter <c>IotOps.Defender</c>.</summary>
    public DefenderStatistics Statistics => _metrics.Snapshot();

    /// <summary>What waits is a report that is not accepted.</summary>
    internal Health Health => _metrics.Outcomes.ToHealth() with { HasEnded = _disposed };

    /// <summary>Begins to report. A second call does nothing.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_started)
            {
                _started = true;
                _loop.Start();
            }
        }
    }

    /// <summary>
    /// Reports as soon as there is a connection and no report is under way; the interval begins again. Device Defender takes a report within five
    /// minutes of the last one for throttled, and it is then sent later.
    /// </summary>
    public void ReportNow()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _loop.ReportNow();
        }
    }

    /// <summary>Ends reporting within 5 seconds; a report that is under way may still arrive.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    /// <summary>Completes when there is nothing to do until time passes or a message comes: for tests, which own the clock.</summary>
    internal Task IdleAsync() => _loop.IdleAsync();
}
