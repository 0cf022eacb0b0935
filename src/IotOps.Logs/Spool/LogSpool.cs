using System.IO.Abstractions;
using IotOps.Logs.Batching;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Spool;

/// <summary>
/// Events on disk that have no file behind them, or whose file may vanish before the service is back: <c>spool/&lt;stream&gt;/&lt;sequence&gt;.seg</c>.
/// Safe for concurrent use.
/// </summary>
/// <remarks>
/// Over the limit the oldest events that never had a file go, and are counted. Segments that cover files are never dropped:
/// when there is no room for one it is not taken, and its events stay in memory.
/// </remarks>
internal sealed class LogSpool : IDisposable
{
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SegmentFiles _files;
    private readonly string _directory;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly LogCounters _counters;
    private readonly ILogger _logger;
    private readonly Dictionary<LogDestination, OpenSegment> _open = [];
    private readonly LinkedList<SpoolSegment> _sealed = [];
    private readonly List<SpoolSegment> _unclaimed = [];
    private long _bytes;
    private long _nextSequence = 1;
    private long _refusedAt;
    private bool _refused;
    private bool _full;
    private bool _disposed;

    public LogSpool(
        IFileSystem fileSystem, string directory, long limit, TimeProvider time, LogCounters counters, ILogger logger)
    {
        _files = new SegmentFiles(fileSystem, directory, time, logger);
        _directory = directory;
        _limit = limit;
        _time = time;
        _counters = counters;
        _logger = logger;
    }

    /// <summary>Bytes on disk.</summary>
    public long Bytes
    {
        get { lock (_gate) { return _bytes; } }
    }

    /// <summary>Finds what an earlier run left, oldest first. Torn ends are cut off, unreadable files are set aside.</summary>
    public IReadOnlyList<SpoolSegment> Recover()
    {
        lock (_gate)
        {
            List<SpoolSegment> found = _files.Find();
            foreach (SpoolSegment segment in found)
            {
                _sealed.AddLast(segment);
                _bytes += segment.Length;
                _nextSequence = Math.Max(_nextSequence, segment.Sequence + 1);
                _counters.Recovered(segment.Count, segment.ServiceBytes - segment.Count * (long)BatchLimits.EventOverhead);
            }

            return found;
        }
    }

    /// <summary>Writes one event; false, and counted, when the disk refused it or the limit left no room. The text fits into a request.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="timestamp">When it happened.</param>
    /// <param name="flags"><see cref="EventFlags.Arrival"/> when the device's clock stamped it.</param>
    /// <param name="message">Valid UTF-8.</param>
    /// <param name="began">True when the lane has to be told: this is the first event of a segment.</param>
    public bool TryAppend(LogDestination destination, long timestamp, EventFlags flags, ReadOnlySpan<byte> message, out bool began)
    {
        lock (_gate)
        {
            began = false;
            _counters.Written(message.Length);
            if (_disposed || (_refused && _time.GetElapsedTime(_refusedAt) < PauseAfterRefusal)
                || !MakeRoom(message.Length + SpoolFormat.RecordHeaderBytes))
            {
                _counters.Dropped(1);
                return false;
            }

            try
            {
                if (!_open.TryGetValue(destination, out OpenSegment? open) || !open.Fits(message.Length))
                {
                    Seal(destination);
                    open = Open(destination);
                    began = true;
                }

                long before = open.Segment.Length;
                open.Append(timestamp, flags, message);
                _bytes += open.Segment.Length - before;
                _refused = false;
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_refused)
                {
                    Log.SpoolRefused(_logger, _directory, e);
                }

                // Half a record may be in the file: nothing may follow it.
                Seal(destination);
                _refused = true;
                _refusedAt = _time.GetTimestamp();
                _counters.Dropped(1);
                return false;
            }
        }
    }

    /// <summary>Seals what has waited long enough, and hands over every segment sealed since the last call.</summary>
    /// <param name="olderThan">Zero seals everything.</param>
    /// <param name="ready">Takes the segments, oldest first.</param>
    /// <returns>When the next segment falls due, as a time stamp; null when none is open.</returns>
    public long? SealDue(TimeSpan olderThan, List<SpoolSegment> ready)
    {
        lock (_gate)
        {
            long? next = null;
            List<LogDestination>? due = null;
            foreach ((LogDestination destination, OpenSegment open) in _open)
            {
                if (_time.GetElapsedTime(open.Segment.FirstAt) >= olderThan)
                {
                    (due ??= []).Add(destination);
                }
                else
                {
                    next = Math.Min(next ?? long.MaxValue, open.Segment.FirstAt);
                }
            }

            foreach (LogDestination destination in due ?? [])
            {
                Seal(destination);
            }

            ready.AddRange(_unclaimed);
            _unclaimed.Clear();
            return next;
        }
    }

    /// <summary>Claims a segment for sending; false when the limit has taken it.</summary>
    public bool TryTake(SpoolSegment segment)
    {
        lock (_gate)
        {
            segment.Taken = !segment.Gone;
            return segment.Taken;
        }
    }

    /// <summary>Gives a segment back unsent.</summary>
    public void Release(SpoolSegment segment)
    {
        lock (_gate) { segment.Taken = false; }
    }

    /// <summary>Reads a segment into a batch; null when the memory budget has no room now.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public LogBatch? Load(SpoolSegment segment, LogBuffers buffers)
    {
        LogBatch? batch = _files.Read(segment, buffers);
        if (batch is not null && batch.Count < segment.Count)
        {
            // What the disk lost between writing and reading cannot be sent; it is told and counted, and the rest goes on.
            Log.SpoolDamaged(_logger, segment.Path, segment.Count - batch.Count);
            _counters.Dropped(segment.Count - batch.Count);
            lock (_gate) { segment.Count = batch.Count; }
        }

        return batch;
    }

    /// <summary>Puts what remains of a batch on disk, durably; null when the limit has no room or the disk refused.</summary>
    public SpoolSegment? TrySpill(LogDestination destination, LogBatch batch)
    {
        long sequence;
        lock (_gate)
        {
            if (_disposed || !MakeRoom(batch.ServiceBytes + batch.Positions.Count * SpoolFormat.PositionBytes))
            {
                return null;
            }

            sequence = _nextSequence++;
        }

        SpoolSegment segment;
        try
        {
            segment = _files.Write(destination, batch, sequence);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SpoolRefused(_logger, _directory, e);
            return null;
        }

        lock (_gate)
        {
            _sealed.AddLast(segment);
            _bytes += segment.Length;
        }

        return segment;
    }

    /// <summary>Hands a spilled segment over with the next <see cref="SealDue"/>.</summary>
    public void Offer(SpoolSegment segment)
    {
        lock (_gate) { _unclaimed.Add(segment); }
    }

    /// <summary>Forces a segment through to the disk, so that it outlives a power cut.</summary>
    public void Flush(SpoolSegment segment)
    {
        if (segment.Flushed)
        {
            return;
        }

        try
        {
            _files.Flush(segment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SpoolRefused(_logger, _directory, e);
        }
    }

    /// <summary>Deletes a segment whose events are accounted for.</summary>
    public void Delete(SpoolSegment segment)
    {
        lock (_gate) { Remove(segment); }
    }

    /// <summary>Closes what is open; it is found again by <see cref="Recover"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (LogDestination destination in _open.Keys.ToArray())
            {
                Seal(destination);
            }
        }
    }

    private OpenSegment Open(LogDestination destination)
    {
        OpenSegment open = _files.Create(destination, _nextSequence++);
        _bytes += open.Segment.Length;
        _open.Add(destination, open);
        return open;
    }

    private void Seal(LogDestination destination)
    {
        if (!_open.Remove(destination, out OpenSegment? open))
        {
            return;
        }

        open.Dispose();
        _sealed.AddLast(open.Segment);
        if (open.Segment.Count == 0)
        {
            Remove(open.Segment);
        }
        else
        {
            _unclaimed.Add(open.Segment);
        }
    }

    private bool MakeRoom(long bytes)
    {
        if (_bytes + bytes <= _limit)
        {
            _full = false;
            return true;
        }

        LinkedListNode<SpoolSegment>? node = _sealed.First;
        while (node is not null && _bytes + bytes > _limit)
        {
            LinkedListNode<SpoolSegment>? next = node.Next;
            SpoolSegment segment = node.Value;
            if (!segment.Taken && segment.Positions.Count == 0)
            {
                if (!_full)
                {
                    Log.SpoolFull(_logger, _limit);
                    _full = true;
                }

                _counters.Dropped(segment.Count);
                Remove(segment);
            }

            node = next;
        }

        return _bytes + bytes <= _limit;
    }

    private void Remove(SpoolSegment segment)
    {
        if (segment.Gone)
        {
            return;
        }

        segment.Gone = true;
        _sealed.Remove(segment);
        _bytes -= segment.Length;
        try
        {
            _files.Delete(segment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It would be sent again after the next start: at least once holds.
            Log.SpoolRefused(_logger, _directory, e);
        }
    }
}
