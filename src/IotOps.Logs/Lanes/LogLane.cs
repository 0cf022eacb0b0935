using IotOps.Logs.Batching;
using IotOps.Logs.Sending;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Lanes;

/// <summary>
/// One stream's way to the service: a batch that fills, at most one that is on its way, and the spool segments that wait.
/// It only decides: <see cref="Step"/> says what to do next, and <see cref="Completed"/> hears how that went.
/// </summary>
/// <remarks>Everything here happens on the engine's one thread; what carries the work out owns the outgoing batch until it reports back.</remarks>
internal sealed class LogLane(LogDestination destination, LaneResources shared)
{
    // Until a stream has proven to work, and while it does not, it holds this little, so that streams that are refused leave the memory to others.
    private const int UnprovenBytes = 64 * 1024;

    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(1);

    private readonly RoundClock _clock = shared.Clock;
    private readonly LogBatcher _batcher = new(shared.Buffers);
    private readonly LinkedList<SpoolSegment> _segments = [];
    private readonly HashSet<long> _vanishing = [];
    private OutgoingBatch? _outgoing;
    private bool _busy;
    private bool _full;
    private bool _proven;
    private bool _fileTurn;
    private int _failures;
    private long _failingSince;
    private long _retryAt;
    private long _noRoomUntil;

    /// <summary>True when nothing waits here.</summary>
    public bool IsEmpty => _batcher.Count == 0 && _outgoing is null && _segments.Count == 0;

    /// <summary>Size of the batch that fills.</summary>
    public int FillingBytes => _batcher.ServiceBytes;

    /// <summary>When the oldest event here came, as a time stamp; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestAt => Math.Min(
        _batcher.Count > 0 ? _batcher.FirstAt : long.MaxValue,
        Math.Min(
            _outgoing?.Batch?.FirstAt ?? _outgoing?.Segment?.FirstAt ?? long.MaxValue,
            _segments.First?.Value.FirstAt ?? long.MaxValue));

    /// <summary>Copies an event into the batch that fills.</summary>
    /// <returns><see cref="BatcherAnswer.Full"/> when the batch must leave first: see <see cref="SendFull"/>.</returns>
    public BatcherAnswer TryAppend(in TailedEvent tailed)
    {
        long timestamp = tailed.Timestamp == TailedEvent.NoTimestamp ? _clock.UtcNow : tailed.Timestamp;
        BatcherAnswer answer = IsOverShare(tailed.Message.Length) ? BatcherAnswer.Full : _batcher.TryAppend(tailed, timestamp, _clock.Now, _clock.Offset);
        if (answer == BatcherAnswer.Taken)
        {
            shared.Counters.Tailed(tailed.Message.Length);
        }

        _full = _full || answer == BatcherAnswer.Full;
        return answer;
    }

    /// <summary>Sends the full batch without waiting for the next round, when nothing of this lane goes before it: the event that found no room begins the next.</summary>
    public LaneWork SendFull() =>
        _outgoing is null && _segments.Count == 0 && _failures == 0 ? Step(hurry: false, pressure: false) : LaneWork.None;

    /// <summary>Notes that events of this source cannot be read a second time.</summary>
    public void SourceIsVanishing(long sourceId) => _vanishing.Add(sourceId);

    /// <summary>Queues a segment of the spool.</summary>
    public void Add(SpoolSegment segment) => _segments.AddLast(segment);

    /// <summary>Decides what to do now.</summary>
    /// <param name="hurry">Send what is there without waiting for more.</param>
    /// <param name="pressure">The memory of all lanes is used up.</param>
    public LaneWork Step(bool hurry, bool pressure)
    {
        if (_busy)
        {
            return LaneWork.None;
        }

        LaneWork work = IsWaiting ? SpillIfWanted(pressure) : SendIfDue(hurry || pressure);
        _busy = work.Kind != LaneWorkKind.None;
        return work;
    }

    /// <summary>Forgets what only matters while something waits here. The tail says again that a source vanishes when it has taken more from it.</summary>
    public void Rest() => _vanishing.Clear();

    /// <summary>When there will be something to do, as a time stamp; <see cref="long.MaxValue"/> when only an event or finished work can tell.</summary>
    public long NextDue()
    {
        if (_busy || IsEmpty)
        {
            return long.MaxValue;
        }

        if (IsWaiting)
        {
            return _vanishing.Count > 0 && _batcher.Count > 0 ? Math.Min(_retryAt, FlushDue) : _retryAt;
        }

        // With a batch at hand it is a permit that lacks, and finished work says when there is one.
        return _outgoing is not null || _segments.Count > 0
            ? (_clock.Now < _noRoomUntil ? _noRoomUntil : long.MaxValue)
            : SendDue;
    }

    /// <summary>Hears how the work that <see cref="Step"/> asked for went.</summary>
    public void Completed(SendAnswer answer)
    {
        _busy = false;
        switch (answer.Outcome)
        {
            case SendOutcome.Done:
                Recover();
                DropOutgoing();
                break;

            case SendOutcome.Spilled:
                DropOutgoing();
                break;

            case SendOutcome.NoRoom:
                _noRoomUntil = _clock.After(_clock.Now, RoomPause);
                MakeWay();
                break;

            case SendOutcome.Refused:
                WaitToRetry(answer);
                LetGoOfSpooled();
                break;
        }
    }

    /// <summary>Gives memory back. What files hold is read again, what the spool holds is found again.</summary>
    public void Abandon()
    {
        DropOutgoing();
        _batcher.Take()?.Dispose();
    }

    private bool IsWaiting => _failures > 0 && _clock.Now < _retryAt;

    private long FlushDue => _full ? _clock.Now : shared.FlushAt(_batcher.FirstAt);

    // What cannot be read a second time does not wait for company.
    private long SendDue => _vanishing.Count > 0 && _batcher.Covers(_vanishing) ? _clock.Now : FlushDue;

    private bool IsOverShare(int messageBytes) =>
        (!_proven || _failures > 0)
        && _batcher.Count > 0
        && _batcher.ServiceBytes + messageBytes + BatchLimits.EventOverhead > UnprovenBytes;

    private LaneWork SendIfDue(bool now)
    {
        // The permit first: a batch taken without one would only make place for more memory to be used.
        if (_clock.Now < _noRoomUntil || !shared.Permits.TryTake())
        {
            return LaneWork.None;
        }

        _outgoing ??= NextToSend(now);
        if (_outgoing is null)
        {
            shared.Permits.Return();
            return LaneWork.None;
        }

        return LaneWork.Send(_outgoing);
    }

    private OutgoingBatch? NextToSend(bool now)
    {
        bool fileDue = _batcher.Count > 0 && (now || _clock.Now >= SendDue);

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
            if (shared.Spool.TryTake(segment))
            {
                return segment;
            }
        }

        return null;
    }

    private OutgoingBatch TakeFilling()
    {
        _full = false;
        return new OutgoingBatch(destination) { Batch = _batcher.Take() };
    }

    private LaneWork SpillIfWanted(bool pressure)
    {
        if (_clock.Now < _noRoomUntil)
        {
            return LaneWork.None;
        }

        if (_batcher.Count > 0)
        {
            MakeWay();
        }

        _outgoing ??= NextToSpill(pressure);
        return _outgoing is { Segment: null, Batch: { } batch } && WantsSpill(batch.Covers(_vanishing), pressure)
            ? LaneWork.Spill(_outgoing)
            : LaneWork.None;
    }

    private OutgoingBatch? NextToSpill(bool pressure) =>
        _batcher.Count > 0 && WantsSpill(_batcher.Covers(_vanishing), pressure) && (pressure || _clock.Now >= FlushDue)
            ? TakeFilling()
            : null;

    // A file that goes away cannot be read again; a stream that stays refused must not hold the memory the others need.
    private bool WantsSpill(bool vanishing, bool pressure) =>
        vanishing || (pressure && _clock.Now >= _clock.After(_failingSince, StalledAfter));

    // A segment that is not in memory goes back to the others of the spool.
    private void MakeWay()
    {
        if (_outgoing is { Segment: { } segment, Batch: null })
        {
            shared.Spool.Release(segment);
            _segments.AddFirst(segment);
            DropOutgoing();
            _fileTurn = true;
        }
    }

    // What the spool holds needs no memory while the lane waits.
    private void LetGoOfSpooled()
    {
        if (_outgoing is { Segment: not null, Untouched: true } outgoing)
        {
            outgoing.Batch!.Dispose();
            outgoing.Batch = null;
        }
    }

    private void DropOutgoing()
    {
        _outgoing?.Dispose();
        _outgoing = null;
    }

    private void Recover()
    {
        if (_failures > 0)
        {
            Log.LaneRecovered(shared.Logger, destination.Group, destination.Stream, _clock.Since(_failingSince).TotalSeconds);
        }

        _failures = 0;
        _proven = true;
    }

    private void WaitToRetry(SendAnswer answer)
    {
        _failures++;
        shared.Counters.Failed($"{destination.Group}:{destination.Stream}: {answer.Code}: {answer.Reason}");
        TimeSpan wait = shared.Backoff.After(_failures, answer.Denied, answer.RetryAfter);
        _retryAt = _clock.After(_clock.Now, wait);
        if (_failures > 1)
        {
            return;
        }

        // Once for each time that a stream begins to fail, not for each attempt.
        _failingSince = _clock.Now;
        if (answer.Denied)
        {
            Log.LaneDenied(shared.Logger, destination.Group, destination.Stream, answer.Code, answer.Reason);
        }
        else
        {
            Log.LaneFailing(shared.Logger, destination.Group, destination.Stream, answer.Code, wait.TotalSeconds, answer.Reason);
        }
    }
}
