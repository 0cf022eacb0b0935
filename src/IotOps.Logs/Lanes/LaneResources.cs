using IotOps.Logs.Batching;
using IotOps.Logs.Spool;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Lanes;

/// <summary>What all lanes of a shipper share: the clock of the round, permits to send, memory, disk, and how failures are waited out and logged.</summary>
internal sealed class LaneResources(LogShipperOptions options, LogSpool spool, LogCounters counters, LaneBackoff backoff, ILogger logger)
{
    public RoundClock Clock { get; } = new(options.TimeProvider);

    public SendPermits Permits { get; } = new(options.MaxParallelRequests);

    public LogBuffers Buffers { get; } = new(options.MaxBufferedBytes);

    public LogSpool Spool => spool;

    public LogCounters Counters => counters;

    public LaneBackoff Backoff => backoff;

    public ILogger Logger => logger;

    /// <summary>Longest time that an event waits for its batch to fill.</summary>
    public TimeSpan FlushInterval => options.FlushInterval;

    /// <summary>When a batch that began then falls due.</summary>
    public long FlushAt(long firstAt) => Clock.After(firstAt, FlushInterval);
}
