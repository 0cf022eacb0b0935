using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IotOps.Logs.Batching;
using IotOps.Logs.Spool;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Shipping;

/// <summary>
/// All lanes, and what they share: memory, permits to send, the clock. <see cref="Pump"/> and the lanes belong to one thread, the engine's;
/// attempts run on the pool and report back through a queue.
/// </summary>
internal sealed class LogLanes : ILogLanes, IDisposable
{
    private readonly Dictionary<LogDestination, LogLane> _lanes = [];
    private readonly List<LogLane> _listed = [];
    private readonly List<SpoolSegment> _ready = [];
    private readonly ConcurrentQueue<(LogLane Lane, SendAnswer Answer)> _completed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BatchSender _sender;
    private readonly ICheckpoint _checkpoint;
    private readonly LogShipperOptions _options;
    private readonly Backoff _backoff;
    private readonly WakeSignal _wake;
    private readonly ILogger _logger;
    private int _permits;
    private int _rotation;
    private long _oldestAt = long.MaxValue;
    private int _checkpointFailing;

    public LogLanes(
        LogShipperOptions options,
        BatchSender sender,
        ICheckpoint checkpoint,
        LogSpool spool,
        LogCounters counters,
        Backoff backoff,
        WakeSignal wake,
        ILogger logger)
    {
        _options = options;
        _sender = sender;
        _checkpoint = checkpoint;
        _backoff = backoff;
        _wake = wake;
        _logger = logger;
        _permits = options.MaxParallelRequests;
        Spool = spool;
        Counters = counters;
        Buffers = new LogBuffers(options.MaxBufferedBytes);
        Tick();
    }

    /// <summary>The memory of all lanes.</summary>
    public LogBuffers Buffers { get; }

    /// <summary>The disk of all lanes.</summary>
    public LogSpool Spool { get; }

    /// <summary>What is counted.</summary>
    public LogCounters Counters { get; }

    /// <summary>Monotonic time of this round of the engine: an event costs no look at a clock.</summary>
    public long Now { get; private set; }

    /// <summary>Wall clock of this round, milliseconds since 1970.</summary>
    public long UtcNow { get; private set; }

    /// <summary>True when nothing waits and nothing is on its way.</summary>
    public bool IsEmpty => _listed.Count == 0;

    /// <summary>Attempts that run now.</summary>
    public Task AttemptsUnderWay => Task.WhenAll(_listed.Select(static lane => lane.Attempt).OfType<Task>());

    /// <summary>Age of the oldest event not yet accepted, as of the last round.</summary>
    public TimeSpan Lag
    {
        get
        {
            long oldest = Volatile.Read(ref _oldestAt);
            return oldest == long.MaxValue ? TimeSpan.Zero : _options.TimeProvider.GetElapsedTime(oldest);
        }
    }

    /// <inheritdoc/>
    public ILogLane this[LogDestination destination] => Lane(destination);

    /// <summary>Reads the clocks for the round that begins.</summary>
    public void Tick()
    {
        Now = _options.TimeProvider.GetTimestamp();
        UtcNow = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Queues segments of the spool on their lanes.</summary>
    public void Enqueue(IReadOnlyList<SpoolSegment> segments)
    {
        foreach (SpoolSegment segment in segments)
        {
            Lane(segment.Destination).Add(segment);
        }
    }

    /// <summary>One round: takes the news of finished attempts, and starts what is due.</summary>
    /// <param name="hurry">Send what is there without waiting for more.</param>
    /// <returns>When the next round is due, if nothing wakes the engine before; null when only that can.</returns>
    public TimeSpan? Pump(bool hurry)
    {
        Tick();
        while (_completed.TryDequeue(out (LogLane Lane, SendAnswer Answer) done))
        {
            done.Lane.Completed(done.Answer);
        }

        long? openSince = Spool.SealDue(hurry ? TimeSpan.Zero : _options.FlushInterval, _ready);
        Enqueue(_ready);
        _ready.Clear();

        bool pressure = Buffers.TakeExhausted();
        if (pressure)
        {
            _listed.Sort(static (a, b) => b.FillingBytes.CompareTo(a.FillingBytes));
            _rotation = 0;
        }

        long due = openSince is { } since ? FlushAt(since) : long.MaxValue;
        long oldest = openSince ?? long.MaxValue;
        int count = _listed.Count;
        _rotation = count == 0 ? 0 : (_rotation + 1) % count;
        for (int i = 0; i < count; i++)
        {
            LogLane lane = _listed[pressure ? i : (_rotation + i) % count];
            lane.Step(hurry, pressure);
            due = Math.Min(due, lane.NextDue());
            oldest = Math.Min(oldest, lane.OldestAt);
        }

        _listed.RemoveAll(static lane => lane.Unlist());
        Volatile.Write(ref _oldestAt, oldest);
        return due == long.MaxValue ? null : _options.TimeProvider.GetElapsedTime(Now, Math.Max(due, Now));
    }

    /// <summary>Ends every attempt, without waiting for answers, and gives the memory back.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await AttemptsUnderWay.ConfigureAwait(false);
        foreach (LogLane lane in _lanes.Values)
        {
            lane.Abandon();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Puts a lane on the list of those with something to do.</summary>
    internal void List(LogLane lane)
    {
        if (!lane.Listed)
        {
            lane.Listed = true;
            _listed.Add(lane);
        }
    }

    /// <summary>A duration in time stamps.</summary>
    internal long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * _options.TimeProvider.TimestampFrequency);

    /// <summary>The time stamp this long from now.</summary>
    internal long After(TimeSpan duration) => Now + Ticks(duration);

    /// <summary>When a batch that began then falls due.</summary>
    internal long FlushAt(long firstAt) => firstAt + Ticks(_options.FlushInterval);

    /// <summary>Allows one more request, if there is room for it.</summary>
    internal bool TryTakePermit()
    {
        if (Interlocked.Decrement(ref _permits) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _permits);
        return false;
    }

    /// <summary>Gives a permit back.</summary>
    internal void ReturnPermit() => Interlocked.Increment(ref _permits);

    /// <summary>How long a lane waits now, and tells people.</summary>
    internal TimeSpan WaitAfter(LogLane lane, int failures, SendAnswer answer)
    {
        TimeSpan wait = _backoff.After(failures, answer.Denied, answer.RetryAfter);
        if (failures == 1 && answer.Denied)
        {
            Log.LaneDenied(_logger, lane.Destination.Group, lane.Destination.Stream, answer.Code, answer.Reason);
        }
        else if (failures == 1)
        {
            Log.LaneFailing(_logger, lane.Destination.Group, lane.Destination.Stream, answer.Code, wait.TotalSeconds, answer.Reason);
        }

        return wait;
    }

    /// <summary>Tells people that a lane works again.</summary>
    internal void Recovered(LogLane lane, int failures, long since)
    {
        if (failures > 0)
        {
            Log.LaneRecovered(
                _logger, lane.Destination.Group, lane.Destination.Stream, _options.TimeProvider.GetElapsedTime(since, Now).TotalSeconds);
        }
    }

    /// <summary>Sends a lane's batch; the permit was taken.</summary>
    internal void StartSend(LogLane lane, OutgoingBatch outgoing) => Start(lane, () => SendAsync(outgoing, _stopping.Token));

    /// <summary>Moves a lane's batch to the spool.</summary>
    internal void StartSpill(LogLane lane, OutgoingBatch outgoing) => Start(lane, () => SpillAsync(outgoing));

    private LogLane Lane(LogDestination destination)
    {
        if (!_lanes.TryGetValue(destination, out LogLane? lane))
        {
            lane = new LogLane(this, destination);
            _lanes.Add(destination, lane);
        }

        return lane;
    }

    private void Start(LogLane lane, Func<Task<SendAnswer>> attempt) =>
        lane.Attempt = Task.Run(async () =>
        {
            _completed.Enqueue((lane, await RunAsync(lane, attempt).ConfigureAwait(false)));
            _wake.Set();
        });

    [SuppressMessage("Design", "CA1031", Justification = "One lane's surprise must not end the others: it is told, and tried again.")]
    private async Task<SendAnswer> RunAsync(LogLane lane, Func<Task<SendAnswer>> attempt)
    {
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return new SendAnswer(SendOutcome.Cancelled);
        }
        catch (Exception e)
        {
            Log.LaneFailed(_logger, lane.Destination.Group, lane.Destination.Stream, e);
            return new SendAnswer(SendOutcome.Refused, Code: e.GetType().Name, Reason: e.Message);
        }
    }

    private async Task<SendAnswer> SendAsync(OutgoingBatch outgoing, CancellationToken cancellationToken)
    {
        try
        {
            outgoing.Batch ??= Spool.Load(outgoing.Segment!, Buffers);
            if (outgoing.Batch is null)
            {
                return new SendAnswer(SendOutcome.NoRoom);
            }

            SendAnswer answer = await _sender.SendAsync(outgoing, cancellationToken).ConfigureAwait(false);
            if (answer.Outcome != SendOutcome.Done)
            {
                if (outgoing.Segment is { } waiting)
                {
                    Spool.Flush(waiting);
                }

                return answer;
            }
        }
        finally
        {
            // Before the checkpoint's disk: another lane may use the network meanwhile.
            ReturnPermit();
            _wake.Set();
        }

        await CommitAsync(outgoing.Segment?.Positions ?? outgoing.Batch.Positions).ConfigureAwait(false);
        if (outgoing.Segment is { } segment)
        {
            Spool.Delete(segment);
        }

        return new SendAnswer(SendOutcome.Done);
    }

    private async Task<SendAnswer> SpillAsync(OutgoingBatch outgoing)
    {
        LogBatch batch = outgoing.Batch!;
        if (Spool.TrySpill(outgoing.Destination, batch) is not { } segment)
        {
            return new SendAnswer(SendOutcome.NoRoom);
        }

        Log.Spilled(_logger, segment.Count, outgoing.Destination.Group, outgoing.Destination.Stream);
        await CommitAsync(segment.Positions).ConfigureAwait(false);
        Spool.Offer(segment);
        return new SendAnswer(SendOutcome.Spilled);
    }

    // Not to be cancelled: what was accepted would be sent again by the next start.
    private async Task CommitAsync(IReadOnlyList<SourcePosition> positions)
    {
        if (positions.Count == 0)
        {
            return;
        }

        try
        {
            await _checkpoint.CommitAsync(positions, CancellationToken.None).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _checkpointFailing, 0) == 1)
            {
                Log.CheckpointRecovered(_logger);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The positions are kept in memory and go with the next write; stopping to ship would only lose more.
            Counters.CheckpointFailed();
            if (Interlocked.Exchange(ref _checkpointFailing, 1) == 0)
            {
                Log.CheckpointRefused(_logger, e);
            }
        }
    }
}
