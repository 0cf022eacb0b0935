using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shared;

namespace IotOps.Logs;

/// <summary>What a shipper counts, also as the meter <c>IotOps.Logs</c>. Safe for concurrent use.</summary>
internal sealed class LogCounters : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "IotOps.Logs";

    /// <summary>Traces the requests, under the meter's name.</summary>
    public static readonly ActivitySource Source = new(MeterName);

    private readonly Meter _meter = new(MeterName);
    // Tells several of one process apart: a reader keeps one observed value for each set of tags.
    private readonly KeyValuePair<string, object?> _tag;
    private readonly TimeProvider _time;
    private readonly Outcomes _outcomes;
    private long _tailed;
    private long _tailedBytes;
    private long _written;
    private long _writtenBytes;
    private long _accepted;
    private long _rejected;
    private long _retimed;
    private long _quarantined;
    private long _dropped;
    private long _batches;
    private long _retries;
    private long _checkpointFailures;
    private long _filesPending;
    private long _filtered;
    private long _oldestAt = long.MaxValue;

    /// <param name="time">Tells how old the oldest event is.</param>
    /// <param name="shipper">Tells the shippers of a process apart: the state directory.</param>
    public LogCounters(TimeProvider time, string shipper)
    {
        _tag = new("shipper", shipper);
        _time = time;
        _outcomes = new Outcomes(time);

        // Observed, not added to: an event costs no more for being counted.
        _meter.CreateObservableCounter("iotops.logs.lines", () => Of(EventsRead), "{event}", "Events read from files or written by the caller.");
        _meter.CreateObservableCounter("iotops.logs.bytes", () => Of(BytesRead), "By", "Bytes of those events.");
        _meter.CreateObservableCounter("iotops.logs.accepted", () => Of(Volatile.Read(ref _accepted)), "{event}", "Events the service accepted.");
        _meter.CreateObservableCounter("iotops.logs.batches", () => Of(Volatile.Read(ref _batches)), "{request}", "Requests the service accepted.");
        _meter.CreateObservableCounter("iotops.logs.retries", () => Of(Volatile.Read(ref _retries)), "{request}", "Requests that had to be sent again.");
        _meter.CreateObservableCounter("iotops.logs.drops", () => Of(Volatile.Read(ref _dropped)), "{event}", "Events that went because the spool was full.");
        _meter.CreateObservableCounter("iotops.logs.rejected", () => Of(Volatile.Read(ref _rejected)), "{event}", "Events not taken because of their time.");
        _meter.CreateObservableCounter("iotops.logs.quarantined", () => Of(Volatile.Read(ref _quarantined)), "{event}", "Events the service refused as invalid.");
        _meter.CreateObservableCounter("iotops.logs.filtered", () => Of(Volatile.Read(ref _filtered)), "{event}", "Events of files that the configuration leaves out.");
        _meter.CreateObservableGauge("iotops.logs.files_pending", () => Of(Volatile.Read(ref _filesPending)), "{file}", "Files that cannot be read, or are held back as copies.");
        _meter.CreateObservableGauge("iotops.logs.lag", () => Of((Lag ?? TimeSpan.Zero).TotalSeconds), "s", "Age of the oldest event not yet accepted.");
    }

    /// <summary>An event from a file. Only the engine calls this, so it needs no interlocked addition: that would cost as much as finding the line's end.</summary>
    public void Tailed(int bytes)
    {
        Volatile.Write(ref _tailedBytes, _tailedBytes + bytes);
        Volatile.Write(ref _tailed, _tailed + 1);
    }

    /// <summary>An event from a caller.</summary>
    public void Written(int bytes) => Recovered(1, bytes);

    /// <summary>Events of an earlier run that were found in the spool.</summary>
    public void Recovered(long events, long bytes)
    {
        Interlocked.Add(ref _written, events);
        Interlocked.Add(ref _writtenBytes, bytes);
    }

    /// <summary>How the service has answered, and how old the oldest event is that it has not accepted.</summary>
    public Health Health => _outcomes.ToHealth() with { Pending = Lag };

    private TimeSpan? Lag
    {
        get
        {
            long oldest = Volatile.Read(ref _oldestAt);
            return oldest == long.MaxValue ? null : _time.GetElapsedTime(oldest);
        }
    }

    private long EventsRead => Volatile.Read(ref _tailed) + Volatile.Read(ref _written);

    private long BytesRead => Volatile.Read(ref _tailedBytes) + Volatile.Read(ref _writtenBytes);

    public void Accepted(long events, long retimed)
    {
        Interlocked.Add(ref _accepted, events);
        Interlocked.Add(ref _retimed, retimed);
    }

    public void Batch()
    {
        Interlocked.Increment(ref _batches);
        _outcomes.Succeeded();
    }

    /// <summary>A batch was not accepted, and waits.</summary>
    public void Failed(string error) => _outcomes.Failed(error);

    public void Rejected(long events) => Interlocked.Add(ref _rejected, events);

    public void Quarantined() => Interlocked.Increment(ref _quarantined);

    public void Dropped(long events) => Interlocked.Add(ref _dropped, events);

    public void Retry() => Interlocked.Increment(ref _retries);

    public void CheckpointFailed() => Interlocked.Increment(ref _checkpointFailures);

    /// <summary>Files that hold something that is not shipped now.</summary>
    public void FilesPending(int files) => Volatile.Write(ref _filesPending, files);

    /// <summary>Events that the configuration leaves out, since the start.</summary>
    public void Filtered(long events) => Volatile.Write(ref _filtered, events);

    /// <summary>When the oldest event not yet accepted came, as a time stamp; <see cref="long.MaxValue"/> when there is none.</summary>
    public void Oldest(long timestamp) => Volatile.Write(ref _oldestAt, timestamp);

    /// <summary>The counters now. What ends an event's way is read before what begins it, so pending is never negative.</summary>
    public LogShipperStatistics Snapshot()
    {
        long accepted = Interlocked.Read(ref _accepted);
        long rejected = Interlocked.Read(ref _rejected);
        long quarantined = Interlocked.Read(ref _quarantined);
        long dropped = Interlocked.Read(ref _dropped);
        long read = EventsRead;
        return new LogShipperStatistics
        {
            EventsRead = read,
            BytesRead = BytesRead,
            EventsFiltered = Volatile.Read(ref _filtered),
            EventsAccepted = accepted,
            EventsRejected = rejected,
            EventsRetimed = Interlocked.Read(ref _retimed),
            EventsQuarantined = quarantined,
            EventsDropped = dropped,
            EventsPending = read - accepted - rejected - quarantined - dropped,
            FilesPending = Volatile.Read(ref _filesPending),
            Batches = Interlocked.Read(ref _batches),
            Retries = Interlocked.Read(ref _retries),
            LastAcceptedAt = _outcomes.LastSuccess,
            LastError = _outcomes.LastError,
            LastErrorAt = _outcomes.LastErrorAt,
            OldestPending = Lag,
            CheckpointFailures = Interlocked.Read(ref _checkpointFailures),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Measurement<T> Of<T>(T value)
        where T : struct => new(value, _tag);
}
