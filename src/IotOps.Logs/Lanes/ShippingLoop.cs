using IotOps.Logs.Checkpoints;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Lanes;

/// <summary>The one loop of a shipper: read the files, pump the lanes, wait until a file, a lane or the clock has news.</summary>
internal sealed class ShippingLoop : IAsyncDisposable
{
    private readonly LogShipperOptions _options;
    private readonly LogSources _sources;
    private readonly ICheckpoint _checkpoint;
    private readonly IReadOnlyList<SpoolSegment> _found;
    private readonly LogCounters _counters;
    private readonly ILogger _logger;
    private readonly Signal _wake;
    private readonly LogLanes _lanes;
    private readonly Loop _loop;
    private readonly Lock _gate = new();
    private readonly List<IdleWaiter> _waiters = [];
    private volatile bool _draining;
    private bool _hasRecovered;
    private bool _closed;
    private long _readBefore;
    private long _quietSince;

    /// <param name="options">Intervals, limits, clock.</param>
    /// <param name="sources">What is read.</param>
    /// <param name="checkpoint">Told what was accepted.</param>
    /// <param name="lanes">The ways to the service; the loop stops and disposes them.</param>
    /// <param name="found">What an earlier run left in the spool.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="wake">Set by whoever has news for the loop.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    public ShippingLoop(
        LogShipperOptions options,
        LogSources sources,
        ICheckpoint checkpoint,
        LogLanes lanes,
        IReadOnlyList<SpoolSegment> found,
        LogCounters counters,
        Signal wake,
        ILogger logger)
    {
        _options = options;
        _sources = sources;
        _checkpoint = checkpoint;
        _found = found;
        _counters = counters;
        _logger = logger;
        _lanes = lanes;
        _wake = wake;
        _loop = new Loop(options.TimeProvider, RoundAsync, error => Log.LoopFailed(logger, error), wake);
    }

    /// <summary>Ends the loop once what is there now is read and accepted.</summary>
    public void Drain()
    {
        _sources.Notify();
        _draining = true;
        _wake.Set();
    }

    /// <summary>Ends the loop after the round that runs.</summary>
    public void Stop() => _loop.Stop();

    /// <summary>Completes when nothing is left to do for this long.</summary>
    public Task WaitUntilIdleAsync(TimeSpan quiet)
    {
        var waiter = new IdleWaiter(quiet);
        lock (_gate) { _waiters.Add(waiter); }
        LookAgain();
        return waiter.Task;
    }

    /// <summary>Runs until it is stopped, or drained.</summary>
    public Task RunAsync()
    {
        _loop.Start();
        return _loop.Completion;
    }

    /// <summary>Ends attempts under way, and tells waiters that they wait in vain.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lanes.StopAsync().ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
        _lanes.Dispose();
        lock (_gate)
        {
            _waiters.ForEach(static w => w.Fail(new ObjectDisposedException(nameof(LogShipper))));
            _waiters.Clear();
        }
    }

    // The checkpoint knows since before the tail was made what an earlier run spooled of the files; here it goes to the disk.
    private async Task RecoverAsync()
    {
        _lanes.Enqueue(_found);
        List<SourcePosition> positions = [];
        foreach (SpoolSegment segment in _found)
        {
            positions.AddRange(segment.Positions);
        }

        if (positions.Count == 0)
        {
            return;
        }

        try
        {
            await _checkpoint.CommitAsync(positions, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _counters.CheckpointFailed();
            Log.CheckpointRefused(_logger, e);
        }
    }

    private async ValueTask<TimeSpan?> RoundAsync()
    {
        if (!_hasRecovered)
        {
            _hasRecovered = true;
            _quietSince = _options.TimeProvider.GetTimestamp();
            await RecoverAsync().ConfigureAwait(false);
        }

        // Read before the files are: who sets it asked for a look first, so that this one is late enough.
        bool draining = _draining;
        TailPoll poll = Poll();
        bool allRead = !poll.MoreToRead && !poll.Blocked && (_closed || _sources.IsIdle);
        _closed = _closed || (draining && allRead);

        TimeSpan? wait = _lanes.Pump(hurry: draining || (allRead && HasWaiters));
        if (_sources.Any && !_closed)
        {
            wait = poll is { MoreToRead: true, Blocked: false } ? TimeSpan.Zero : Shorter(wait, poll.NextPoll);
        }

        wait = Shorter(wait, TellIdle(allRead));
        if (_draining && _closed && _lanes.IsEmpty && _counters.Snapshot().EventsPending == 0)
        {
            _loop.Stop();
        }

        return wait;
    }

    private TailPoll Poll()
    {
        if (!_sources.Any || _closed)
        {
            return default;
        }

        _lanes.Tick();
        TailPoll poll = _sources.Poll(_lanes);
        _counters.FilesPending(_sources.Pending);
        _counters.Filtered(_sources.EventsFiltered);
        return poll;
    }

    private bool HasWaiters
    {
        get { lock (_gate) { return _waiters.Count > 0; } }
    }

    // When the next waiter may be told; null when there is none, or still something to do.
    private TimeSpan? TellIdle(bool allRead)
    {
        LogShipperStatistics now = _counters.Snapshot();
        if (now.EventsRead != _readBefore || !allRead || now.EventsPending > 0 || !_lanes.IsEmpty)
        {
            _readBefore = now.EventsRead;
            _quietSince = _options.TimeProvider.GetTimestamp();
        }

        TimeSpan quiet = _options.TimeProvider.GetElapsedTime(_quietSince);
        TimeSpan? next = null;
        lock (_gate)
        {
            foreach (IdleWaiter waiter in _waiters)
            {
                if (quiet < waiter.Quiet || now.EventsPending > 0)
                {
                    waiter.Looked = false;
                    next = now.EventsPending > 0 ? next : Shorter(next, waiter.Quiet - quiet);
                }
                else if (waiter.Looked || !_sources.Any)
                {
                    waiter.Complete();
                }
                else
                {
                    // The files may have grown since they were last looked at.
                    waiter.Looked = true;
                    LookAgain();
                }
            }

            _waiters.RemoveAll(static w => w.Task.IsCompleted);
        }

        return next;
    }

    private void LookAgain()
    {
        _sources.Notify();
        _wake.Set();
    }

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) =>
        one is null || other < one ? other : one;
}
