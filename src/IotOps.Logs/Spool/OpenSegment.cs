using System.Buffers;
using IotOps.Logs.Batching;

namespace IotOps.Logs.Spool;

/// <summary>A segment that still takes events. Each append is one write to the system's page cache: it outlives the process, not a power cut.</summary>
internal sealed class OpenSegment(SpoolSegment segment, Stream file) : IDisposable
{
    /// <summary>What it becomes once it is sealed.</summary>
    public SpoolSegment Segment => segment;

    /// <summary>True when the limits of a request leave room for the text.</summary>
    public bool Fits(int messageBytes) =>
        segment.Count < BatchLimits.MaxEvents
        && segment.ServiceBytes + messageBytes + BatchLimits.EventOverhead <= BatchLimits.MaxBytes;

    /// <summary>Writes one event.</summary>
    /// <exception cref="IOException">The disk refused; what was there before is untouched, and the segment takes no more.</exception>
    public void Append(long timestamp, EventFlags flags, ReadOnlySpan<byte> message)
    {
        byte[] record = ArrayPool<byte>.Shared.Rent(SpoolFormat.RecordHeaderBytes + message.Length);
        try
        {
            int length = SpoolFormat.WriteRecord(record, segment.Sequence, timestamp, flags, message);
            file.Write(record, 0, length);
            segment.Length += length;
            segment.Count++;
            segment.ServiceBytes += message.Length + BatchLimits.EventOverhead;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
