using System.Collections.Concurrent;
using IotOps.Logs.Sending;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using IotOps.Shared;

namespace IotOps.Logs.Lanes;

/// <summary>
/// All lanes: asks each what to do, and has a <see cref="LaneWorker"/> do it. <see cref="Pump"/> and the lanes belong to one thread,
/// the engine's; attempts run on the pool and report back through a queue.
/// </summary>
/// <param name="shared">What the lanes share.</param>
/// <param name="worker">Carries out what they decide.</param>
/// <param name="wake">Set when an attempt has ended.</param>
internal sealed class LogLanes(LaneResources shared, LaneWorker worker, Signal wake) : IEventSinks, IDisposable
{
    private readonly Dictionary<LogDestination, Slot> _slots = [];
    private readonly List<Slot> _listed = [];
    private readonly List<SpoolSegment> _ready = [];
    private readonly ConcurrentQueue<(Slot Slot, SendAnswer Answer)> _completed = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _rotation;

    /// <summary>True when nothing waits and nothing is on its way.</summary>
    public bool IsEmpty => _listed.Count == 0;

    /// <summary>Attempts that run now.</summary>
    public Task AttemptsUnderWay => Task.WhenAll(_listed.Select(static slot => slot.Attempt).OfType<Task>());

    /// <inheritdoc/>
    public IEventSink this[LogDestination destination] => SlotOf(destination);

    /// <summary>Reads the clocks for the round that begins.</summary>
    public void Tick() => shared.Clock.Tick();

    /// <summary>Queues segments of the spool on their lanes.</summary>
    public void Enqueue(IReadOnlyList<SpoolSegment> segments)
    {
        foreach (SpoolSegment segment in segments)
        {
            Slot slot = SlotOf(segment.Destination);
            slot.Lane.Add(segment);
            List(slot);
        }
    }

    /// <summary>One round: takes the news of finished attempts, and starts what is due.</summary>
    /// <param name="hurry">Send what is there without waiting for more.</param>
    /// <returns>When the next round is due, if nothing wakes the engine before; null when only that can.</returns>
    public TimeSpan? Pump(bool hurry)
    {
        Tick();
        while (_completed.TryDequeue(out (Slot Slot, SendAnswer Answer) done))
        {
            done.Slot.Attempt = null;
            done.Slot.Lane.Completed(done.Answer);
        }

        long? openSince = shared.Spool.SealDue(hurry ? TimeSpan.Zero : shared.FlushInterval, _ready);
        Enqueue(_ready);
        _ready.Clear();

        bool pressure = shared.Buffers.TakeExhausted();
        if (pressure)
        {
            // Those that hold most go first, for they give most memory back.
            _listed.Sort(static (a, b) => b.Lane.FillingBytes.CompareTo(a.Lane.FillingBytes));
            _rotation = 0;
        }

        long due = openSince is { } since ? shared.FlushAt(since) : long.MaxValue;
        long oldest = openSince ?? long.MaxValue;
        int count = _listed.Count;
        _rotation = count == 0 ? 0 : (_rotation + 1) % count;
        for (int i = 0; i < count; i++)
        {
            Slot slot = _listed[pressure ? i : (_rotation + i) % count];
            Start(slot, slot.Lane.Step(hurry, pressure));
            due = Math.Min(due, slot.Lane.NextDue());
            oldest = Math.Min(oldest, slot.Lane.OldestAt);
        }

        _listed.RemoveAll(static slot => slot.Unlist());
        shared.Counters.Oldest(oldest);
        return due == long.MaxValue ? null : shared.Clock.Until(due);
    }

    /// <summary>Ends every attempt, without waiting for answers, and gives the memory back.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await AttemptsUnderWay.ConfigureAwait(false);
        foreach (Slot slot in _slots.Values)
        {
            slot.Lane.Abandon();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private Slot SlotOf(LogDestination destination)
    {
        if (!_slots.TryGetValue(destination, out Slot? slot))
        {
            slot = new Slot(this, new LogLane(destination, shared));
            _slots.Add(destination, slot);
        }

        return slot;
    }

    private void List(Slot slot)
    {
        if (!slot.Listed)
        {
            slot.Listed = true;
            _listed.Add(slot);
        }
    }

    private void Start(Slot slot, LaneWork work)
    {
        if (work.Kind == LaneWorkKind.None)
        {
            return;
        }

        CancellationToken stopping = _stopping.Token;
        slot.Attempt = Task.Run(async () =>
        {
            _completed.Enqueue((slot, await worker.RunAsync(work, stopping).ConfigureAwait(false)));
            wake.Set();
        });
    }

    /// <summary>A lane as the tail sees it, and what is kept about it here.</summary>
    private sealed class Slot(LogLanes owner, LogLane lane) : IEventSink
    {
        public LogLane Lane => lane;

        /// <summary>True while it is among the lanes with something to do.</summary>
        public bool Listed { get; set; }

        /// <summary>The attempt that runs; null when none does.</summary>
        public Task? Attempt { get; set; }

        public bool TryAppend(in TailedEvent tailed)
        {
            BatcherAnswer answer = lane.TryAppend(tailed);
            if (answer == BatcherAnswer.Full && lane.SendFull() is { Kind: not LaneWorkKind.None } work)
            {
                owner.Start(this, work);
                answer = lane.TryAppend(tailed);
            }

            if (answer != BatcherAnswer.Taken)
            {
                return false;
            }

            owner.List(this);
            return true;
        }

        public void SourceIsVanishing(long sourceId) => lane.SourceIsVanishing(sourceId);

        /// <summary>Leaves the list when nothing waits here.</summary>
        public bool Unlist()
        {
            Listed = !lane.IsEmpty;
            if (!Listed)
            {
                lane.Rest();
            }

            return !Listed;
        }
    }
}
