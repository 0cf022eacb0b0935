using IotOps.Aws;
using IotOps.Logs.Batching;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Journal;
using IotOps.Logs.Lanes;
using IotOps.Logs.Sending;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>
/// Tails log files and ships them, with events written by the caller, to Amazon CloudWatch Logs. At least once: what was readable arrives,
/// and a crash sends at most the request that was under way of each stream a second time.
/// </summary>
/// <remarks>Safe for concurrent use. Follows https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html.</remarks>
public sealed class LogShipper : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly LogShipperOptions _options;
    private readonly LogCounters _counters;
    private readonly LogSpool _spool;
    private readonly CheckpointStore _checkpoint;
    private readonly LogSources? _sources;
    private readonly Signal _wake = new();
    private readonly ShippingLoop _loop;
    private readonly AwsClient _client;
    private readonly ILogger _logger;
    private Task? _running;
    private Task<LogShipperStatistics>? _stopped;

    /// <summary>Checks the options and opens the state directory; nothing is read or sent before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and what it may be.</exception>
    /// <exception cref="IOException">The state directory cannot be used, or another shipper uses it.</exception>
    public LogShipper(LogShipperOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    internal LogShipper(LogShipperOptions options, Func<double> random)
    {
        LogShipperOptionsCheck.Check(options);
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<LogShipper>();
        string state = options.FileSystem.Path.GetFullPath(options.StateDirectory);
        _checkpoint = new CheckpointStore(state, options.FileSystem, _logger);
        _counters = new LogCounters(options.TimeProvider, state);
        try
        {
            _spool = new LogSpool(
                options.FileSystem, Path.Combine(state, "spool"), options.SpoolLimitBytes, options.TimeProvider, _counters, _logger);
            IReadOnlyList<SpoolSegment> found = Recover();
            var tail = options.Files.Count == 0 ? null : new LogTail(options, _checkpoint, _logger, _wake.Set);
            _sources = new LogSources(tail, null);
            _sources = options.Journal is null ? _sources : new LogSources(tail, new JournalSource(options, _checkpoint, _logger, _wake.Set));
            Redirect(found);
            _client = NewClient(options);
            var shared = new LaneResources(options, _spool, _counters, new LaneBackoff(random), _logger);
            var worker = new LaneWorker(shared, NewSender(options, state), _checkpoint, _wake);
            _loop = new ShippingLoop(
                options, _sources, _checkpoint, new LogLanes(shared, worker, _wake), found, _counters, _wake, _logger);
        }
        catch
        {
            // The next try must find the state directory free.
            _client?.Dispose();
            _sources?.Dispose();
            _checkpoint.Dispose();
            _counters.Dispose();
            throw;
        }
    }

    /// <summary>Counters since the start. Events that an earlier run left in the spool count as read.</summary>
    public LogShipperStatistics Statistics => _counters.Snapshot();

    /// <summary>What waits is the oldest event that is not accepted.</summary>
    internal Health Health => _counters.Health with { HasEnded = _stopped is not null };

    /// <summary>Value of <c>{thing}</c>.</summary>
    internal string? ThingName => _options.ThingName;

    /// <summary>Begins to tail and ship in the background. A second call does nothing.</summary>
    /// <exception cref="ObjectDisposedException">It was stopped.</exception>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped is not null, this);
            _running ??= _loop.RunAsync();
        }
    }

    /// <summary>
    /// Takes one event for a log stream. With the operating system before it returns true, so that it survives the process, kill -9 included;
    /// a power cut may take what was written within about the flush interval. Never waits for the service.
    /// Works before <see cref="Start"/> too.
    /// </summary>
    /// <param name="group">Log group.</param>
    /// <param name="stream">Log stream.</param>
    /// <param name="timestamp">When it happened.</param>
    /// <param name="message">UTF-8; longer than the event limit is split, invalid bytes become U+FFFD. An empty message is no event: it is dropped and counted.</param>
    /// <returns>False when it, or a part of it, was dropped and counted: the spool's disk refused it, or the shipper was stopped.</returns>
    /// <exception cref="ArgumentException">CloudWatch Logs does not take this group or stream name.</exception>
    public bool TryWrite(string group, string stream, DateTimeOffset timestamp, ReadOnlySpan<byte> message)
    {
        LogNames.ThrowIfNotGroup(group);
        LogNames.ThrowIfNotStream(stream);
        return Write(new LogDestination(group, stream), timestamp, EventFlags.None, message);
    }

    /// <summary>
    /// Completes when all that could be read is accepted and nothing new came for <paramref name="quiet"/>. While someone waits here,
    /// batches go as soon as there is nothing more to read, without waiting for the flush interval.
    /// </summary>
    /// <param name="quiet">How long nothing may come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitUntilIdleAsync(TimeSpan quiet, CancellationToken cancellationToken = default) =>
        _loop.WaitUntilIdleAsync(quiet).WaitAsync(cancellationToken);

    /// <summary>Reads and ships what is there, then stops; what is not accepted when the token fires stays on disk for the next start.</summary>
    /// <param name="cancellationToken">The deadline. Without one, it waits for as long as the service refuses.</param>
    /// <returns>The final counters; <see cref="LogShipperStatistics.EventsPending"/> tells what was left.</returns>
    public Task<LogShipperStatistics> StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_stopped is null)
            {
                _loop.Drain();
                _stopped = StopCoreAsync(cancellationToken);
            }

            return _stopped;
        }
    }

    /// <summary>Stops without draining. Everything not accepted stays on disk for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.Stop();
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
    }

    /// <summary>Takes one event, stamped by the caller or by the device's clock.</summary>
    internal bool Write(LogDestination destination, DateTimeOffset timestamp, EventFlags flags, ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            _counters.Written(0);
            _counters.Dropped(1);
            return false;
        }

        long milliseconds = timestamp.ToUnixTimeMilliseconds();
        ReadOnlySpan<byte> rest = Utf8Text.Valid(message);
        bool taken = true;
        do
        {
            int length = Utf8Text.NextPart(rest, _options.MaxMessageBytes);
            taken &= _spool.TryAppend(destination, milliseconds, flags, rest[..length], out bool began);
            rest = rest[length..];
            if (began)
            {
                _wake.Set();
            }
        }
        while (!rest.IsEmpty);

        return taken;
    }

    private static long MaxAge(int? retentionDays) =>
        Math.Min(BatchLimits.MaxAge, (retentionDays ?? int.MaxValue) * BatchLimits.MaxSpan);

    private static AwsClient NewClient(LogShipperOptions options) => new(new AwsClientOptions
    {
        Service = AwsService.CloudWatchLogs,
        Region = options.Region,
        Credentials = options.Credentials,
        Endpoint = options.Endpoint,
        Transport = options.Transport,
        Retry = AwsRetryOptions.None,
        TimeProvider = options.TimeProvider,
        LoggerFactory = options.LoggerFactory,
    });

    private BatchSender NewSender(LogShipperOptions options, string state)
    {
        var api = new LogsApi(_client, options.Gzip, _logger);
        var quarantine = new Quarantine(options.FileSystem, Path.Combine(state, "quarantine"), _logger);
        quarantine.Close();
        return new BatchSender(
            api,
            options.CreateMissing ? new MissingDestinations(
                api, new NewGroups(options.RetentionDays, options.GroupClass, options.GroupKmsKeyArn, options.GroupTags, options.GroupDeletionProtection), _logger) : null,
            new ServiceClock(options.TimeProvider, () => _client.ClockSkew),
            quarantine,
            options.OldEvents,
            MaxAge(options.RetentionDays),
            _counters,
            _logger);
    }

    // Before anything new is written, so that old and new are never taken for each other; and before the tail takes its positions from
    // the checkpoint: a process killed between spooling and committing would send the same lines again, from their file.
    private IReadOnlyList<SpoolSegment> Recover()
    {
        IReadOnlyList<SpoolSegment> found = _spool.Recover();
        if (found.Count > 0)
        {
            Log.SpoolFound(_logger, found.Sum(static s => (long)s.Count));
        }

        foreach (SpoolSegment segment in found)
        {
            _checkpoint.Advance(segment.Positions);
        }

        return found;
    }

    // What files held goes where the configuration says now, as their other lines do. Events of files that go to different streams
    // by now lie in one batch, and nothing says which is whose: they keep their stream.
    private void Redirect(IReadOnlyList<SpoolSegment> found)
    {
        foreach (SpoolSegment segment in found)
        {
            LogDestination? now = null;
            bool isOne = segment.Positions.Count > 0;
            for (int i = 0; isOne && i < segment.Positions.Count; i++)
            {
                LogDestination? destination = _sources!.DestinationOf(segment.Positions[i].SourceId);
                isOne = destination is not null && (now ??= destination) == destination;
            }

            if (isOne && now != segment.Destination)
            {
                Log.SpoolRedirected(_logger, segment.Count, segment.Destination.ToString(), now.ToString()!);
                segment.Destination = now!.Value;
            }
        }
    }

    private async Task<LogShipperStatistics> StopCoreAsync(CancellationToken cancellationToken)
    {
        // Never inside the caller's lock.
        await Task.Yield();
        using (cancellationToken.UnsafeRegister(static loop => ((ShippingLoop)loop!).Stop(), _loop))
        {
            await (_running ?? Task.CompletedTask).ConfigureAwait(false);
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        _spool.Dispose();
        _sources!.Dispose();
        _checkpoint.Dispose();
        _client.Dispose();
        LogShipperStatistics final = _counters.Snapshot();
        _counters.Dispose();
        Log.Stopped(_logger, final.EventsPending, final.FilesPending);
        return final;
    }
}
