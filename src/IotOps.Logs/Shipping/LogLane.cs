using IotOps.Logs.Batching;
using IotOps.Logs.Spool;

namespace IotOps.Logs.Shipping;

/// <summary>
/// One stream's way to the service: a batch that fills, at most one that is on its way, and the spool segments that wait.
/// Everything here happens on the engine's one thread; an attempt runs beside it and owns the outgoing batch until it reports back.
/// </summary>
internal sealed class LogLane(LogLanes lanes, LogDestination destination) : ILogLane
{
    // Until a stream has proven to work, and while it does not, it holds this little, so that streams that are refused leave the memory to others.
    private const int UnprovenBytes = 64 * 1024;

    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(1);

    private readonly LogBatcher _batcher = new(lanes.Buffers);
    private readonly LinkedList<SpoolSegment> _segments = [];
    private readonly HashSet<long> _vanishing = [];
    private OutgoingBatch? _outgoing;
    private bool _full;
    private bool _proven;
    private bool _fileTurn;
    private int _failures;
    private long _failingSince;
    private long _retryAt;
    private long _noRoomUntil;

    /// <inheritdoc/>
    public LogDestination Destination => destination;

    /// <summary>True while the engine lists the lane as having something to do.</summary>
    public bool Listed { get; set; }

    /// <summary>The attempt that runs; null when none does.</summary>
    public Task? Attempt { get; set; }

    /// <summary>True when nothing waits here.</summary>
    public bool IsEmpty => _batcher.Count == 0 && _outgoing is null && _segments.Count == 0;

    /// <summary>True while the last attempt failed.</summary>
    public bool IsFailing => _failures > 0;

    /// <summary>Size of the batch that fills.</summary>
    public int FillingBytes => _batcher.ServiceBytes;

    /// <summary>When the oldest event here came, as a time stamp; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestAt => Math.Min(
        _batcher.Count > 0 ? _batcher.FirstAt : long.MaxValue,
        Math.Min(
            _outgoing?.Batch?.FirstAt ?? _outgoing?.Segment?.FirstAt ?? long.MaxValue,
            _segments.First?.Value.FirstAt ?? long.MaxValue));

    /// <inheritdoc/>
    public bool TryAppend(in TailedEvent tailed)
    {
        long timestamp = tailed.Timestamp == TailedEvent.NoTimestamp ? lanes.UtcNow : tailed.Timestamp;
        if (IsOverShare(tailed.Message.Length))
        {
            return AppendBehind(tailed, timestamp);
        }

        switch (_batcher.TryAppend(tailed, timestamp, lanes.Now))
        {
            case BatcherAnswer.Taken:
                Taken(tailed);
                return true;

            case BatcherAnswer.Full:
                return AppendBehind(tailed, timestamp);

            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public void SourceIsVanishing(long sourceId) => _vanishing.Add(sourceId);

    /// <summary>Queues a segment of the spool.</summary>
    public void Add(SpoolSegment segment)
    {
        _segments.AddLast(segment);
        lanes.List(this);
    }

    /// <summary>Starts what can be started now.</summary>
    /// <param name="hurry">Send what is there without waiting for more.</param>
    /// <param name="pressure">The memory of all lanes is used up.</param>
    public void Step(bool hurry, bool pressure)
    {
        if (Attempt is not null)
        {
            return;
        }

        if (_failures > 0 && lanes.Now < _retryAt)
        {
            SpillIfWanted(pressure);
        }
        else if (lanes.Now >= _noRoomUntil && lanes.TryTakePermit())
        {
            // The permit first: a batch taken without one would only make place for more memory to be used.
            _outgoing ??= NextToSend(hurry || pressure);
            if (_outgoing is null)
            {
                lanes.ReturnPermit();
            }
            else
            {
                lanes.StartSend(this, _outgoing);
            }
        }
    }

    /// <summary>Leaves the list when nothing waits here.</summary>
    public bool Unlist()
    {
        Listed = !IsEmpty;
        if (!Listed)
        {
            // The tail says it again when it has taken more from such a file.
            _vanishing.Clear();
        }

        return !Listed;
    }

    /// <summary>When there will be something to do, as a time stamp; <see cref="long.MaxValue"/> when only an event or a finished attempt can tell.</summary>
    public long NextDue()
    {
        if (Attempt is not null || IsEmpty)
        {
            return long.MaxValue;
        }

        if (_failures > 0 && lanes.Now < _retryAt)
        {
            return _vanishing.Count > 0 && _batcher.Count > 0 ? Math.Min(_retryAt, FlushDue) : _retryAt;
        }

        // With a batch at hand it is a permit that lacks, and a finished attempt says when there is one.
        return _outgoing is not null || _segments.Count > 0
            ? (lanes.Now < _noRoomUntil ? _noRoomUntil : long.MaxValue)
            : SendDue;
    }

    /// <summary>Takes the news of a finished attempt.</summary>
    public void Completed(SendAnswer answer)
    {
        Attempt = null;
        switch (answer.Outcome)
        {
            case SendOutcome.Done:
                lanes.Recovered(this, _failures, _failingSince);
                _failures = 0;
                _proven = true;
                _outgoing?.Dispose();
                _outgoing = null;
                break;

            case SendOutcome.Spilled:
                _outgoing?.Dispose();
                _outgoing = null;
                break;

            case SendOutcome.NoRoom:
                _noRoomUntil = lanes.After(RoomPause);
                MakeWay();
                break;

            case SendOutcome.Refused:
                if (_failures++ == 0)
                {
                    _failingSince = lanes.Now;
                }

                _retryAt = lanes.After(lanes.WaitAfter(this, _failures, answer));
                LetGoOfSpooled();
                break;
        }
    }

    /// <summary>Gives memory back. What files hold is read again, what the spool holds is found again.</summary>
    public void Abandon()
    {
        _outgoing?.Dispose();
        _outgoing = null;
        _batcher.Take()?.Dispose();
    }

    private long FlushDue => _full ? lanes.Now : lanes.FlushAt(_batcher.FirstAt);

    // What cannot be read a second time does not wait for company.
    private long SendDue => _vanishing.Count > 0 && _batcher.Covers(_vanishing) ? lanes.Now : FlushDue;

    private bool IsOverShare(int messageBytes) =>
        (!_proven || _failures > 0)
        && _batcher.Count > 0
        && _batcher.ServiceBytes + messageBytes + BatchLimits.EventOverhead > UnprovenBytes;

    // The batch is full: it goes on its way when the one before has left, and the event begins the next.
    private bool AppendBehind(in TailedEvent tailed, long timestamp)
    {
        _full = true;
        if (_outgoing is not null || _segments.Count > 0 || IsFailing)
        {
            return false;
        }

        Step(hurry: false, pressure: false);
        if (_batcher.Count > 0 || _batcher.TryAppend(tailed, timestamp, lanes.Now) != BatcherAnswer.Taken)
        {
            return false;
        }

        Taken(tailed);
        return true;
    }

    private void Taken(in TailedEvent tailed)
    {
        lanes.Counters.Tailed(tailed.Message.Length);
        lanes.List(this);
    }

    private OutgoingBatch? NextToSend(bool now)
    {
        bool fileDue = _batcher.Count > 0 && (now || lanes.Now >= SendDue);

        // In turns, so that neither a busy logger nor a busy file keeps the other waiting.
        if (!(fileDue && _fileTurn) && NextSegment() is { } segment)
        {
            _fileTurn = true;
            return new OutgoingBatch(destination) { Segment = segment };
        }

        _fileTurn = false;
        return fileDue ? TakeFilling() : null;
    }

    private SpoolSegment? NextSegment()
    {
        while (_segments.First is { Value: var segment })
        {
            _segments.RemoveFirst();
            if (lanes.Spool.TryTake(segment))
            {
                return segment;
            }
        }

        return null;
    }

    private OutgoingBatch? NextToSpill(bool pressure) =>
        _batcher.Count > 0 && WantsSpill(_batcher.Covers(_vanishing), pressure) && (pressure || lanes.Now >= FlushDue)
            ? TakeFilling()
            : null;

    private OutgoingBatch TakeFilling()
    {
        _full = false;
        return new OutgoingBatch(destination) { Batch = _batcher.Take() };
    }

    private void SpillIfWanted(bool pressure)
    {
        if (lanes.Now < _noRoomUntil)
        {
            return;
        }

        if (_outgoing is { Segment: not null, Batch: null } && _batcher.Count > 0)
        {
            MakeWay();
        }

        _outgoing ??= NextToSpill(pressure);
        if (_outgoing is { Segment: null, Batch: { } batch } && WantsSpill(batch.Covers(_vanishing), pressure))
        {
            lanes.StartSpill(this, _outgoing);
        }
    }

    // A segment that is not in memory goes back to the others of the spool.
    private void MakeWay()
    {
        if (_outgoing is { Segment: { } segment, Batch: null })
        {
            lanes.Spool.Release(segment);
            _segments.AddFirst(segment);
            _outgoing.Dispose();
            _outgoing = null;
            _fileTurn = true;
        }
    }

    // A file that goes away cannot be read again; a stream that stays refused must not hold the memory the others need.
    private bool WantsSpill(bool vanishing, bool pressure) =>
        vanishing || (pressure && lanes.Now >= _failingSince + lanes.Ticks(StalledAfter));

    // What the spool holds needs no memory while the lane waits.
    private void LetGoOfSpooled()
    {
        if (_outgoing is { Segment: not null, Untouched: true } outgoing)
        {
            outgoing.Batch!.Dispose();
            outgoing.Batch = null;
        }
    }
}
