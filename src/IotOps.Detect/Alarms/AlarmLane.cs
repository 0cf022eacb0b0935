using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Alarms;

/// <summary>
/// The way to one sink: collects alarms into messages and sends them, one at a time, at the sink's pace. Lanes know nothing of each other, so that
/// one that fails costs the others nothing.
/// </summary>
internal sealed class AlarmLane : IAsyncDisposable
{
    // What was attempted stays as it is, because the sink may have it. Once so many are, only these are tried, so that an outage of hours ends with
    // few messages; and a message that a sink never takes holds up none of the others.
    private const int MaxAttempted = 8;

    // One a day: the sink has been out of reach for a week.
    private const int MaxNotices = 7;

    private readonly IAlarmSink _sink;
    private readonly AlarmDispatcherOptions _options;
    private readonly ILogger _logger;
    private readonly Loop _loop;
    private readonly SendPace _pace;
    private readonly Backoff _backoff;
    private readonly RecentKeys _taken;

    private readonly Lock _lock = new();
    private readonly Dictionary<(FleetAlarmKind, string?, FleetAlarmState), AlarmGroup> _open = [];
    private readonly Queue<(FleetAlarmKind, string?, FleetAlarmState)> _order = new();
    private readonly Queue<AlarmGroup> _attempted = new();
    private readonly Queue<AlarmMessage> _notices = new();
    private readonly List<TaskCompletionSource> _flushes = [];
    private bool _openIsNext;
    private TimeSpan _retryAt;
    private int _pending;
    private long _sent;
    private long _refused;
    private bool _isFull;
    private string? _lastError;

    public AlarmLane(IAlarmSink sink, AlarmDispatcherOptions options, ILogger logger)
    {
        _sink = sink;
        _options = options;
        _logger = logger;
        _pace = new SendPace(options.RateLimit, options.RatePeriod);
        _backoff = new Backoff(options.FirstRetry, options.LongestRetry, options.Random);
        _taken = new RecentKeys(options.RememberedAlarms);
        _loop = new Loop(options.TimeProvider, RoundAsync, error => AlarmLog.Unexpected(logger, sink.Name, error));
        _loop.Start();
    }

    public AlarmSinkStatus Status
    {
        get { lock (_lock) { return new(_sink.Name, _pending, _sent, _refused, _backoff.Failures, _lastError); } }
    }

    /// <summary>Takes an alarm on, or refuses it when there is no room; the receipt gets the outcome.</summary>
    public void Add(FleetAlarm alarm, AlarmReceipt receipt)
    {
        if (_taken.Contains(alarm.Id))
        {
            receipt.Taken();
            return;
        }

        bool hasRoom, isFullNow = false;
        lock (_lock)
        {
            hasRoom = _pending < _options.MaxPending;
            if (hasRoom)
            {
                _pending++;
                Group(alarm).Add(alarm, receipt);
            }
            else
            {
                _refused++;
                isFullNow = !_isFull;
                _isFull = true;
            }
        }

        if (hasRoom)
        {
            _loop.Wake();
            return;
        }

        receipt.Refused();
        if (isFullNow)
        {
            AlarmLog.Full(_logger, _sink.Name, _options.MaxPending);
        }
    }

    /// <summary>Sends a message that stands for no alarms.</summary>
    public void Add(AlarmMessage notice)
    {
        lock (_lock)
        {
            if (_notices.Count == MaxNotices)
            {
                _notices.Dequeue();
            }

            _notices.Enqueue(notice);
        }

        _loop.Wake();
    }

    /// <summary>Ends collecting now; completes when nothing waits any more.</summary>
    public Task FlushAsync()
    {
        var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_pending == 0 && _notices.Count == 0)
            {
                return Task.CompletedTask;
            }

            _flushes.Add(flush);
        }

        _loop.Wake();
        return flush.Task;
    }

    public Task IdleAsync() => _loop.IdleAsync();

    /// <summary>Ends the lane; what waits is abandoned, and so not acknowledged.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync().ConfigureAwait(false);
        AlarmReceipt[] waiting;
        TaskCompletionSource[] flushes;
        lock (_lock)
        {
            waiting = [.. _open.Values.Concat(_attempted).SelectMany(group => group.Receipts).Select(alarm => alarm.Receipt)];
            flushes = [.. _flushes];
            _open.Clear();
            _attempted.Clear();
        }

        Array.ForEach(waiting, receipt => receipt.Abandon());
        Array.ForEach(flushes, flush => flush.TrySetCanceled());
    }

    private AlarmGroup Group(FleetAlarm alarm)
    {
        (FleetAlarmKind, string?, FleetAlarmState) key = (alarm.Kind, alarm.Rule, alarm.State);
        if (_open.Count >= _options.MaxGroups && !_open.ContainsKey(key))
        {
            key.Item2 = null;
        }

        if (!_open.TryGetValue(key, out AlarmGroup? group))
        {
            group = _open[key] = new AlarmGroup(key.Item1, key.Item2, key.Item3, _loop.Now + _options.GroupWindow);
            _order.Enqueue(key);
        }

        return group;
    }

    private async ValueTask<TimeSpan?> RoundAsync()
    {
        if (_retryAt - _loop.Now is { Ticks: > 0 } untilRetry)
        {
            return untilRetry;
        }

        if (IsNothingDue(out TimeSpan? sleep))
        {
            return sleep;
        }

        if (_pace.Wait(_loop.Now) is { Ticks: > 0 } untilTurn)
        {
            return untilTurn;
        }

        (AlarmGroup? group, AlarmMessage message) = Take();
        if (await TrySendAsync(message).ConfigureAwait(false))
        {
            Taken(group);
        }
        else
        {
            PutBack(group, message);
        }

        return TimeSpan.Zero;
    }

    private bool IsNothingDue(out TimeSpan? sleep)
    {
        lock (_lock)
        {
            sleep = null;
            if (_notices.Count > 0 || _attempted.Count > 0)
            {
                return false;
            }

            sleep = _order.TryPeek(out var first) ? _open[first].DueAt - _loop.Now : null;
            return sleep is null || (sleep > TimeSpan.Zero && _flushes.Count == 0);
        }
    }

    private (AlarmGroup? Group, AlarmMessage Message) Take()
    {
        lock (_lock)
        {
            if (_notices.TryDequeue(out AlarmMessage? notice))
            {
                return (null, notice);
            }

            bool isOpenDue = _order.TryPeek(out var first) && (_open[first].DueAt <= _loop.Now || _flushes.Count > 0);
            bool takesOpen = isOpenDue && (_attempted.Count == 0 || (_openIsNext && _attempted.Count < MaxAttempted));
            _openIsNext = !takesOpen;
            if (!takesOpen)
            {
                AlarmGroup again = _attempted.Dequeue();
                return (again, again.Message);
            }

            _order.Dequeue();
            _open.Remove(first, out AlarmGroup? group);
            return (group, group!.Message);
        }
    }

    private async Task<bool> TrySendAsync(AlarmMessage message)
    {
        using var timeout = new CancellationTokenSource(_options.SendTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _loop.Stopping);
        try
        {
            // A sink that does not look at its token must not hold the lane.
            await _sink.SendAsync(message, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            _pace.Sent(_loop.Now);
            if (_backoff.Failures > 0)
            {
                AlarmLog.Recovered(_logger, _sink.Name, _backoff.Failures);
            }

            lock (_lock)
            {
                _backoff.Reset();
                _lastError = null;
                _sent++;
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever a sink throws, the message is sent again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_loop.Stopping.IsCancellationRequested)
            {
                Failed(e is OperationCanceledException ? $"The sink did not return within {_options.SendTimeout.TotalSeconds:0.#} s." : e.Message);
            }

            return false;
        }
    }

    private void Failed(string error)
    {
        // What failed may have arrived: it takes its turn of the pace too.
        _pace.Sent(_loop.Now);
        TimeSpan wait;
        lock (_lock)
        {
            TimeSpan limit = Backoff.Limit(_options.FirstRetry, _options.LongestRetry, _backoff.Failures);
            wait = (limit / 2) + (_backoff.Next() / 2);
            wait = wait < limit ? wait : limit;
            _lastError = error;
            _retryAt = _loop.Now + wait;
        }

        AlarmLog.Failed(_logger, _sink.Name, error, _backoff.Failures, wait);
    }

    private void Taken(AlarmGroup? group)
    {
        TaskCompletionSource[] flushed = [];
        lock (_lock)
        {
            _pending -= group?.Count ?? 0;
            _isFull &= _pending > _options.MaxPending / 2;
            if (_pending == 0 && _notices.Count == 0)
            {
                flushed = [.. _flushes];
                _flushes.Clear();
            }
        }

        foreach ((string id, AlarmReceipt receipt) in group?.Receipts ?? [])
        {
            _taken.Add(id);
            receipt.Taken();
        }

        Array.ForEach(flushed, flush => flush.TrySetResult());
    }

    private void PutBack(AlarmGroup? group, AlarmMessage message)
    {
        lock (_lock)
        {
            if (group is not null)
            {
                _attempted.Enqueue(group);
            }
            else
            {
                _notices.Enqueue(message);
            }
        }
    }
}
