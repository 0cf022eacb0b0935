using IotOps.Logs.Batching;
using IotOps.Logs.Sending;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Lanes;

/// <summary>Fills one batch after another: a batch is always the next events in the order they came, so that a file's position stays one number.</summary>
/// <remarks>The 24 hours a request may span are no reason to end a batch: <see cref="PutPlan"/> cuts it into requests by time.</remarks>
internal sealed class LogBatcher(LogBuffers buffers)
{
    private LogBatch? _filling;

    /// <summary>Events that wait for their batch to be taken.</summary>
    public int Count => _filling?.Count ?? 0;

    /// <summary>Their size as the service counts it.</summary>
    public int ServiceBytes => _filling?.ServiceBytes ?? 0;

    /// <summary>When the first of them came, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FirstAt => _filling?.FirstAt ?? 0;

    /// <summary>Adds an event to the batch.</summary>
    /// <param name="tailed">The event.</param>
    /// <param name="timestamp">Its time: its own, or that of its arrival.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="clockOffset">What the wall clock is ahead of it, in milliseconds.</param>
    /// <exception cref="ArgumentException">The event alone is larger than a request may be.</exception>
    public BatcherAnswer TryAppend(in TailedEvent tailed, long timestamp, long now, long? clockOffset = null)
    {
        LogBatch filling = _filling ??= new LogBatch(buffers);
        if (!filling.Fits(tailed.Message.Length))
        {
            return filling.Count > 0
                ? BatcherAnswer.Full
                : throw new ArgumentException($"An event of {tailed.Message.Length} bytes does not fit into a request of {BatchLimits.MaxBytes}.", nameof(tailed));
        }

        EventFlags flags = tailed.Timestamp == TailedEvent.NoTimestamp ? EventFlags.Arrival : EventFlags.None;
        if (!filling.TryAppend(timestamp, flags, tailed.Message))
        {
            return BatcherAnswer.NoMemory;
        }

        if (filling.Count == 1)
        {
            filling.FirstAt = now;
            filling.ClockOffset = clockOffset;
        }

        filling.Cover(tailed.SourceId, tailed.EndOffset, flags == EventFlags.None ? timestamp : null, tailed.Cursor);
        return BatcherAnswer.Taken;
    }

    /// <summary>True when events of these sources wait here.</summary>
    public bool Covers(HashSet<long> sources) => _filling?.Covers(sources) ?? false;

    /// <summary>Hands the batch over; the next event begins a new one. Null when there is none.</summary>
    public LogBatch? Take()
    {
        if (Count == 0)
        {
            return null;
        }

        LogBatch? batch = _filling;
        _filling = null;
        return batch;
    }
}
