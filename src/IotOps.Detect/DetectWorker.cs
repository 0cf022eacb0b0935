using System.Diagnostics;
using IotOps.Detect.Working;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect;

/// <summary>
/// Takes messages from an inbox, holds what they say against security profiles, and commits the new states and their alarms; a message is deleted
/// after that. Killed at any point it leaves either the message or its alarms: the next worker has the rest. Several workers may share one
/// inbox and one store.
/// </summary>
public sealed class DetectWorker : IDisposable
{
    private const int DueAtOnce = 500;
    private const long NotBehind = -1;
    private static readonly TimeSpan LongestBehind = TimeSpan.FromMinutes(5);

    // Without an answer of the inbox: an empty one comes after 20 s.
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly DetectWorkerOptions _options;
    private readonly WorkerMetrics _metrics;
    private readonly ThingRounds _rounds;
    private readonly ILogger _logger;

    // Since when more messages wait than a batch takes, as a timestamp of the clock.
    private long _behindSince;

    // When the worker began, or the inbox answered after it had been out of reach. For as long as a report is waited for, a batch that is not full says little after that:
    // SQS answers with what some of its servers have.
    private long _gapAt;
    private long _takenAt;
    private volatile bool _isDraining;

    /// <summary>Makes a worker; <see cref="RunAsync"/> begins.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DetectWorker(DetectWorkerOptions options) : this(options, evaluate: null)
    {
    }

    internal DetectWorker(DetectWorkerOptions options, Evaluate? evaluate)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        _metrics = new WorkerMetrics(options.TimeProvider);
        _logger = options.LoggerFactory.CreateLogger("IotOps.Detect.DetectWorker");
        _behindSince = _gapAt = _takenAt = options.TimeProvider.GetTimestamp();
        _rounds = new ThingRounds(options.Store, evaluate ?? EvaluateOwn, options.TimeProvider, _metrics, _logger);
    }

    /// <summary>What it has done so far.</summary>
    public DetectWorkerStatistics Statistics => _metrics.Snapshot();

    /// <summary>What waits is an answer of the inbox or the store.</summary>
    internal Health Health => _metrics.Outcomes.ToHealth();

    /// <summary>
    /// Works until it is cancelled, and then ends the batches it has in hand. An inbox or a store that cannot be reached is tried again after a
    /// second, then after longer, up to a minute.
    /// </summary>
    /// <returns>A task that completes, without an exception, after the cancellation.</returns>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        [
            .. Enumerable.Range(0, _options.Receivers).Select(_ => RepeatAsync(ReceiveAsync, cancellationToken)),
            RepeatAsync(LookForDueAsync, cancellationToken),
            RepeatAsync(RefreshStatisticsAsync, cancellationToken),
        ]);

    /// <summary>
    /// Works until the inbox is empty, evaluates what is due by then, and ends: for a run by a timer. What waits for its predecessor or for the end
    /// of its time window stays in the store, for the next run. Not beside <see cref="RunAsync"/>.
    /// </summary>
    /// <exception cref="IOException">The inbox or the store cannot be reached: what was not handled is still there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the batches in hand are finished.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await MakeStatisticsAsync(cancellationToken).ConfigureAwait(false);
        _isDraining = true;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _options.Receivers).Select(_ => EmptyAsync(cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            _isDraining = false;
        }

        while (await JudgeDueAsync(cancellationToken).ConfigureAwait(false))
        {
            // There are more.
        }
    }

    /// <summary>Ends the counting; call it when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _metrics.Dispose();

    /// <summary>Receives a batch and works on it.</summary>
    /// <returns>How many messages there were.</returns>
    internal async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<QueuedMessage> messages = await _options.Inbox.ReceiveAsync(_options.BatchSize, cancellationToken).ConfigureAwait(false);

        long now = _options.TimeProvider.GetTimestamp();
        if (_options.TimeProvider.GetElapsedTime(Interlocked.Exchange(ref _takenAt, now), now) > LongestQuiet)
        {
            Interlocked.Exchange(ref _gapAt, now);
        }

        Interlocked.CompareExchange(ref _behindSince, now, NotBehind);
        if (messages.Count < _options.BatchSize)
        {
            Interlocked.Exchange(ref _behindSince, NotBehind);
        }

        // Received is in hand: it is worked on to its end, so that a stop leaves nothing half done for the visibility timeout.
        await HandleAsync(messages, CancellationToken.None).ConfigureAwait(false);
        return messages.Count;
    }

    /// <summary>Works on one batch, which was received already.</summary>
    internal async Task HandleAsync(IReadOnlyList<QueuedMessage> messages, CancellationToken cancellationToken)
    {
        using Activity? span = messages.Count == 0 ? null : WorkerMetrics.Source.StartActivity("detect batch", ActivityKind.Consumer);
        span?.SetTag("messaging.batch.message_count", messages.Count);
        _metrics.Received(messages.Count);
        MessageBatch batch = MessageBatch.Read(messages, _metrics, _logger);
        HashSet<string> failed = await _rounds.RunAsync(batch.Events, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<QueuedMessage> handled = batch.Handled(failed);
        if (failed.Count > 0)
        {
            span.Fail("things", $"{failed.Count} things could not be evaluated or committed.");
        }

        if (handled.Count > 0)
        {
            await _options.Inbox.DeleteAsync(handled, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Evaluates the things that are due; true when there may be more of them.</summary>
    internal async Task<bool> HandleDueAsync(CancellationToken cancellationToken)
    {
        // After an outage what a report or a window waits for may lie in the inbox still: that is read first, unless it never ends.
        return !IsBehind() && await JudgeDueAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> JudgeDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> things = await _options.Store.ReadDueAsync(_options.TimeProvider.GetUtcNow(), DueAtOnce, cancellationToken).ConfigureAwait(false);
        HashSet<string> failed = await _rounds.RunAsync(things.ToDictionary(thing => thing, _ => new List<DetectEvent>(), StringComparer.Ordinal), cancellationToken)
            .ConfigureAwait(false);

        // What failed is still due: without a pause it would be tried again at once, for ever.
        return things.Count == DueAtOnce && failed.Count == 0;
    }

    private static void Check(DetectWorkerOptions options)
    {
        string? problem = options switch
        {
            { BatchSize: < 1 or > 1000 } => $"{nameof(options.BatchSize)} is 1 to 1,000, not {options.BatchSize}.",
            { Receivers: < 1 or > 64 } => $"{nameof(options.Receivers)} is 1 to 64, not {options.Receivers}.",
            { DueInterval: var interval } when interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromMinutes(5) =>
                $"{nameof(options.DueInterval)} is 1 s to 5 min, not {interval}.",
            { StatisticsInterval: var interval } when interval < TimeSpan.FromMinutes(1) || interval > TimeSpan.FromDays(1) =>
                $"{nameof(options.StatisticsInterval)} is 1 min to 1 day, not {interval}.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    // What the cloud counts is complete when the inbox is: a window of an outage is not judged by the first of its events.
    private DetectVerdict EvaluateOwn(DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now) =>
        _options.Engine.Evaluate(record, thing, events, now, holdsWindows: events.Count > 0 && IsBehind());

    private bool IsBehind()
    {
        TimeProvider time = _options.TimeProvider;
        return _isDraining
            || time.GetElapsedTime(Interlocked.Read(ref _gapAt)) < _options.Engine.Patience
            || (Interlocked.Read(ref _behindSince) is not NotBehind and var since && time.GetElapsedTime(since) < LongestBehind);
    }

    private async Task LookForDueAsync(CancellationToken cancellationToken)
    {
        if (!await HandleDueAsync(cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(_options.DueInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken).ConfigureAwait(false) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task RefreshStatisticsAsync(CancellationToken cancellationToken)
    {
        await MakeStatisticsAsync(cancellationToken).ConfigureAwait(false);
        await Task.Delay(_options.StatisticsInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    private async Task MakeStatisticsAsync(CancellationToken cancellationToken)
    {
        DetectEngine engine = _options.Engine;
        engine.Statistics ??= await FleetStatistics.LoadAsync(engine, _options.Store, cancellationToken).ConfigureAwait(false);
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _options.Store, _options.TimeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstWait, LongestWait);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await work(cancellationToken).ConfigureAwait(false);
                backoff.Reset();
                _metrics.Outcomes.Succeeded();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A worker that ended because of one error nobody foresaw would leave a fleet unwatched.
            catch (Exception e)
#pragma warning restore CA1031
            {
                await PauseAsync(e, backoff, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync(Exception error, Backoff backoff, CancellationToken cancellationToken)
    {
        TimeSpan wait = backoff.Next();
        _metrics.Outcomes.Failed(error.Message);
        if (error is IOException)
        {
            WorkerLog.Waiting(_logger, wait, backoff.Failures, error.Message);
        }
        else
        {
            WorkerLog.Unexpected(_logger, wait, error);
        }

        await Task.Delay(wait, _options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
