using System.Buffers.Binary;

namespace IotOps.Logs.Batching;

/// <summary>
/// Events of one log stream in the order they arrived, in one array from <see cref="LogBuffers"/>: for each event its time (8 bytes),
/// its length and flags (4 bytes), and its text. Not safe for concurrent use: the lane fills it, then its sending owns it.
/// </summary>
internal sealed class LogBatch(LogBuffers buffers) : IDisposable
{
    private const int HeaderBytes = 12;
    private const int LengthMask = (1 << 28) - 1;

    private readonly List<SourcePosition> _positions = [];
    private byte[] _buffer = [];
    private int _length;

    /// <summary>Events in the batch, done ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Events that still have to be sent.</summary>
    public int Remaining { get; private set; }

    /// <summary>The batch's size as the service counts it.</summary>
    public int ServiceBytes { get; private set; }

    /// <summary>UTF-8 bytes of the longest text.</summary>
    public int LongestMessage { get; private set; }

    /// <summary>When the first event came, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FirstAt { get; set; }

    /// <summary>How far each source is covered by this batch; a source may come more than once, its last entry counts.</summary>
    public IReadOnlyList<SourcePosition> Positions => _positions;

    /// <summary>True when the limits leave room for an event of this many UTF-8 bytes.</summary>
    public bool Fits(int messageBytes) =>
        Count < BatchLimits.MaxEvents && ServiceBytes + messageBytes + BatchLimits.EventOverhead <= BatchLimits.MaxBytes;

    /// <summary>Copies an event in; false when the budget has no memory for it. The caller asked <see cref="Fits"/>.</summary>
    public bool TryAppend(long timestamp, EventFlags flags, ReadOnlySpan<byte> message)
    {
        int end = _length + HeaderBytes + message.Length;
        if (end > _buffer.Length && !TryGrow(end))
        {
            return false;
        }

        Span<byte> record = _buffer.AsSpan(_length);
        BinaryPrimitives.WriteInt64LittleEndian(record, timestamp);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], message.Length | (int)flags);
        message.CopyTo(record[HeaderBytes..]);
        _length = end;
        Count++;
        Remaining++;
        LongestMessage = Math.Max(LongestMessage, message.Length);
        ServiceBytes += message.Length + BatchLimits.EventOverhead;
        return true;
    }

    /// <summary>Notes how far a source is covered now.</summary>
    public void Cover(long sourceId, long endOffset)
    {
        var position = new SourcePosition(sourceId, endOffset);
        if (_positions.Count > 0 && _positions[^1].SourceId == sourceId)
        {
            _positions[^1] = position;
        }
        else
        {
            _positions.Add(position);
        }
    }

    /// <summary>True when events of this source are in the batch.</summary>
    public bool Covers(HashSet<long> sources)
    {
        foreach (SourcePosition position in _positions)
        {
            if (sources.Contains(position.SourceId))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The events, first to last; done ones included.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The text of an event.</summary>
    /// <param name="offset">Where its record begins.</param>
    public ReadOnlySpan<byte> MessageAt(int offset) =>
        _buffer.AsSpan(offset + HeaderBytes, LengthAndFlags(offset) & LengthMask);

    /// <summary>The event's own time, milliseconds since 1970.</summary>
    /// <param name="offset">Where its record begins.</param>
    public long TimestampAt(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_buffer.AsSpan(offset));

    /// <summary>The event's flags.</summary>
    /// <param name="offset">Where its record begins.</param>
    public EventFlags FlagsAt(int offset) => (EventFlags)(LengthAndFlags(offset) & ~LengthMask);

    /// <summary>Says that an event needs no more sending.</summary>
    /// <param name="offset">Where its record begins.</param>
    public void MarkDone(int offset)
    {
        Mark(offset, EventFlags.Done);
        Remaining--;
    }

    /// <summary>Says that the batch needs no more sending, without a visit to each event.</summary>
    public void MarkAllDone() => Remaining = 0;

    /// <summary>Says that the service refused an event's time.</summary>
    /// <param name="offset">Where its record begins.</param>
    public void MarkSendNow(int offset) => Mark(offset, EventFlags.SendNow);

    /// <inheritdoc/>
    public void Dispose()
    {
        buffers.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Mark(int offset, EventFlags flag) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(offset + 8), LengthAndFlags(offset) | (int)flag);

    private int LengthAndFlags(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(offset + 8));

    private bool TryGrow(int size)
    {
        if (!buffers.TryRent(size, out byte[] larger))
        {
            return false;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        buffers.Return(_buffer);
        _buffer = larger;
        return true;
    }

    /// <summary>Walks the records; <see cref="Current"/> is where the record begins.</summary>
    public struct Enumerator(LogBatch batch)
    {
        private int _next;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_next >= batch._length)
            {
                return false;
            }

            Current = _next;
            _next += HeaderBytes + (batch.LengthAndFlags(_next) & LengthMask);
            return true;
        }
    }
}
