using System.Runtime.InteropServices;

namespace IotOps.Logs.Batching;

/// <summary>
/// Events of one log stream in the order they arrived, in one array from <see cref="LogBuffers"/>: texts from its start up, headers from
/// its end down. Not safe for concurrent use: the lane fills it, then its sending owns it.
/// </summary>
/// <remarks>
/// Headers lie side by side because planning a request reads all of them and no text: between texts each would be a read from memory
/// far away, 40 ns a line.
/// </remarks>
internal sealed class LogBatch(LogBuffers buffers) : IDisposable
{
    private const int HeaderBytes = 16;
    private const int LengthMask = (1 << 28) - 1;

    private readonly List<SourcePosition> _positions = [];
    private byte[] _buffer = [];
    private int _textEnd;

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

    /// <summary>What the device's wall clock was ahead of its monotonic clock then, in milliseconds; null when that is not known, as of what was spooled.</summary>
    public long? ClockOffset { get; set; }

    /// <summary>How far each source is covered by this batch; a source may come more than once, its last entry counts.</summary>
    public IReadOnlyList<SourcePosition> Positions => _positions;

    /// <summary>True when the limits leave room for an event of this many UTF-8 bytes.</summary>
    public bool Fits(int messageBytes) =>
        Count < BatchLimits.MaxEvents && ServiceBytes + messageBytes + BatchLimits.EventOverhead <= BatchLimits.MaxBytes;

    /// <summary>Copies an event in; false when the budget has no memory for it. The caller asked <see cref="Fits"/>.</summary>
    public bool TryAppend(long timestamp, EventFlags flags, ReadOnlySpan<byte> message)
    {
        int end = _textEnd + message.Length;
        int size = end + (Count + 1) * HeaderBytes;
        if (size > _buffer.Length && !TryGrow(size))
        {
            return false;
        }

        message.CopyTo(_buffer.AsSpan(_textEnd));
        HeaderOf(Count) = new Header(timestamp, _textEnd, message.Length | (int)flags);
        _textEnd = end;
        Count++;
        Remaining++;
        LongestMessage = Math.Max(LongestMessage, message.Length);
        ServiceBytes += message.Length + BatchLimits.EventOverhead;
        return true;
    }

    /// <summary>Notes how far a source is covered now.</summary>
    public void Cover(long sourceId, long endOffset, long? time = null, string? cursor = null)
    {
        var position = new SourcePosition(sourceId, endOffset, time, cursor);
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

    /// <summary>The text of an event.</summary>
    /// <param name="index">Which event, in the order they came.</param>
    public ReadOnlySpan<byte> MessageAt(int index)
    {
        ref readonly Header header = ref HeaderOf(index);
        return _buffer.AsSpan(header.Start, header.LengthAndFlags & LengthMask);
    }

    /// <summary>The event's own time, milliseconds since 1970.</summary>
    /// <param name="index">Which event, in the order they came.</param>
    public long TimestampAt(int index) => HeaderOf(index).Timestamp;

    /// <summary>The event's flags.</summary>
    /// <param name="index">Which event, in the order they came.</param>
    public EventFlags FlagsAt(int index) => (EventFlags)(HeaderOf(index).LengthAndFlags & ~LengthMask);

    /// <summary>Says that an event needs no more sending.</summary>
    /// <param name="index">Which event, in the order they came.</param>
    public void MarkDone(int index)
    {
        Mark(index, EventFlags.Done);
        Remaining--;
    }

    /// <summary>Says that the batch needs no more sending, without a visit to each event.</summary>
    public void MarkAllDone() => Remaining = 0;

    /// <summary>Says that the service refused an event's time.</summary>
    /// <param name="index">Which event, in the order they came.</param>
    public void MarkSendNow(int index) => Mark(index, EventFlags.SendNow);

    /// <inheritdoc/>
    public void Dispose()
    {
        buffers.Return(_buffer);
        _buffer = [];
        _textEnd = 0;
    }

    private void Mark(int index, EventFlags flag)
    {
        ref Header header = ref HeaderOf(index);
        header = header with { LengthAndFlags = header.LengthAndFlags | (int)flag };
    }

    private ref Header HeaderOf(int index) => ref MemoryMarshal.Cast<byte, Header>(_buffer.AsSpan())[^(index + 1)];

    private bool TryGrow(int size)
    {
        if (!buffers.TryRent(size, out byte[] larger))
        {
            return false;
        }

        int headers = Count * HeaderBytes;
        _buffer.AsSpan(0, _textEnd).CopyTo(larger);
        _buffer.AsSpan(_buffer.Length - headers).CopyTo(larger.AsSpan(larger.Length - headers));
        buffers.Return(_buffer);
        _buffer = larger;
        return true;
    }

    /// <summary>What is known of an event beside its text.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Header(long Timestamp, int Start, int LengthAndFlags);
}
