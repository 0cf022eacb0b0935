using System.Buffers;
using IotOps.Logs.Batching;

namespace IotOps.Logs.Sending;

/// <summary>
/// How the events of a batch go out now: each with the time the service will take, in chronological order, cut into requests of at most 24 hours.
/// Made anew for each attempt, because after a wait both the window and the clock's correction may have moved.
/// </summary>
internal sealed class PutPlan : IDisposable
{
    private PlannedEvent[] _events = [];

    /// <summary>The requests still to be sent, the next one on top.</summary>
    public Stack<PutSlice> Slices { get; } = new();

    /// <summary>The events of a request.</summary>
    public ReadOnlySpan<PlannedEvent> this[PutSlice slice] => _events.AsSpan(slice.Start, slice.Count);

    /// <summary>How many events of a request go out with another time than their own.</summary>
    public int Retimed(PutSlice slice)
    {
        int count = 0;
        foreach (PlannedEvent planned in this[slice])
        {
            count += planned.Retimed ? 1 : 0;
        }

        return count;
    }

    /// <summary>Plans what remains of a batch.</summary>
    /// <returns>How many events were left out, and marked done, because their time cannot be sent under <see cref="OldEvents.Reject"/>.</returns>
    public int Build(LogBatch batch, ServiceTime time, long maxAge, OldEvents oldEvents)
    {
        Slices.Clear();
        if (_events.Length < batch.Remaining)
        {
            ArrayPool<PlannedEvent>.Shared.Return(_events);
            _events = ArrayPool<PlannedEvent>.Shared.Rent(batch.Remaining);
        }

        int count = 0;
        int rejected = 0;
        bool sorted = true;
        for (int index = 0; index < batch.Count; index++)
        {
            EventFlags flags = batch.FlagsAt(index);
            if ((flags & EventFlags.Done) != EventFlags.None)
            {
                continue;
            }

            if (!TryTime(batch, index, flags, time, maxAge, oldEvents, out long timestamp, out bool retimed))
            {
                batch.MarkDone(index);
                rejected++;
                continue;
            }

            sorted = sorted && (count == 0 || timestamp >= _events[count - 1].Timestamp);
            _events[count++] = new PlannedEvent(timestamp, index, retimed);
        }

        if (!sorted)
        {
            _events.AsSpan(0, count).Sort(PlannedEvent.ByTime);
        }

        CutBySpan(count);
        return rejected;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Slices.Clear();
        ArrayPool<PlannedEvent>.Shared.Return(_events);
        _events = [];
    }

    private static bool TryTime(
        LogBatch batch, int index, EventFlags flags, ServiceTime time, long maxAge, OldEvents oldEvents, out long timestamp, out bool retimed)
    {
        long own = batch.TimestampAt(index);
        bool arrival = (flags & EventFlags.Arrival) != EventFlags.None;
        timestamp = arrival ? own + time.Skew : own;
        retimed = false;

        // A time before 1970 is invalid to the service whatever its clock says.
        bool outside = timestamp < 0 || (time.Known && (timestamp < time.Now - maxAge || timestamp > time.Now + BatchLimits.MaxAhead));
        if (!outside && (flags & EventFlags.SendNow) == EventFlags.None)
        {
            return true;
        }

        // An arrival time is the device's doing, not the event's, so it is never a reason to leave an event out.
        timestamp = Math.Max(time.Now, 0);
        retimed = true;
        if (arrival && batch.ClockOffset is { } offset && own + time.Skew + time.Offset - offset is var set && set < timestamp && set >= timestamp - maxAge)
        {
            // The clock was set after the event came, as NTP does after a boot in 1970. By the monotonic clock it came so long ago: before what
            // came after it.
            timestamp = set;
        }

        return arrival || oldEvents == OldEvents.ArrivalTime;
    }

    private void CutBySpan(int count)
    {
        if (count > 0 && _events[count - 1].Timestamp - _events[0].Timestamp <= BatchLimits.MaxSpan)
        {
            Slices.Push(new PutSlice(0, count));
            return;
        }

        int end = count;
        while (end > 0)
        {
            int start = end - 1;
            while (start > 0 && _events[end - 1].Timestamp - _events[start - 1].Timestamp <= BatchLimits.MaxSpan)
            {
                start--;
            }

            // From the last to the first, so that the oldest request is on top of the stack.
            Slices.Push(new PutSlice(start, end - start));
            end = start;
        }
    }
}
