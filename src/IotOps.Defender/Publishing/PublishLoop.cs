using System.Buffers;
using System.Threading.Channels;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>
/// The one owner of a publisher's state: it builds when the interval is over, sends when the connection is there, matches the answer, and
/// waits. At most one report waits and one is under way; nothing else touches them, so there is nothing to lock.
/// </summary>
internal sealed class PublishLoop : IAsyncDisposable
{
    private const int MaxThrottleDoublings = 3;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly DefenderPublisherOptions _options;
    private readonly PublisherMetrics _metrics;
    private readonly ILogger _logger;
    private readonly IMqttConnection _connection;
    private readonly TimeProvider _time;
    private readonly DefenderTopics _topics;
    private readonly ReportIds _ids;
    private readonly Backoff _backoff;
    private readonly DefenderReportBuilder _builder = new();
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WakeSignal _wake = new();
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _idle = [];

    // Full: the pump waits, and the broker with it. There is one report under way, so that there is one answer.
    private readonly Channel<DefenderReply> _replies = Channel.CreateBounded<DefenderReply>(16);
    private readonly ReplyPump _pump;
    private readonly ReportObserver _observer;
    private readonly HostCallbacks _callbacks;
    private Task _running = Task.CompletedTask;
    private Task _publication = Task.CompletedTask;
    private Exception? _publishError;
    private TimeSpan _due;
    private TimeSpan _notBefore;
    private PendingReport? _waiting;
    private PendingReport? _underWay;
    private PendingReport? _unanswered;
    private int _throttled;

    public PublishLoop(DefenderPublisherOptions options, PublisherMetrics metrics)
    {
        _options = options;
        _metrics = metrics;
        _logger = options.LoggerFactory.CreateLogger("IotOps.Defender.DefenderPublisher");
        _connection = options.Connection;
        _time = options.TimeProvider;
        _topics = new DefenderTopics(options.ThingName, options.Format);
        _ids = new ReportIds(options.StateDirectory is null ? null : Path.Combine(options.StateDirectory, "report-id"), _time, options.FileSystem, _logger);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), options.Interval);
        _pump = new ReplyPump(options, _topics, metrics, _logger, _replies.Writer, _wake);
        _callbacks = new HostCallbacks(_logger);
        _observer = new ReportObserver(options, metrics, _callbacks, _logger);
        _start = _time.GetTimestamp();
        _timer = _time.CreateTimer(static loop => ((PublishLoop)loop!)._wake.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private bool CanPublish => _pump.IsSubscribed && _connection.State.Status == MqttConnectionStatus.Connected;

    public void Start()
    {
        _due = Now + Jitter();
        _running = Task.WhenAll(Task.Run(RunAsync), _pump.RunAsync(_stop.Token), WatchAsync(), _observer.RunAsync(_stop.Token));
    }

    /// <summary>Completes when there is nothing to do until time passes or a message comes: for tests, which own the clock.</summary>
    public Task IdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) { _idle.Add(idle); }

        _wake.Set();
        return idle.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        try
        {
            await Task.WhenAll(_running, _publication).WaitAsync(CloseTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The connection or a callback does not come back; whoever owns it ends it.
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Task wake = _wake.TakeAsync();
            while (_replies.Reader.TryRead(out DefenderReply? reply))
            {
                Answered(reply);
            }

            PublishFailed();
            Overdue();
            if (_underWay is null && Now >= _due)
            {
                Build();
            }

            if (_waiting is not null && _underWay is null && Now >= _notBefore && CanPublish)
            {
                Publish(_waiting);
            }

            SetTimer();
            if (!wake.IsCompleted)
            {
                Idle();
            }

            await wake.ConfigureAwait(false);
        }
    }

    private void Build()
    {
        _due = Now + _options.Interval + Jitter();
        try
        {
            _builder.Clear();
            MetricsSample? sample = _options.Collector?.Collect(_builder);
            Action? accept = _options.Collect?.Invoke(_builder);
            long id = _ids.Next();
            if (_observer.IsNeeded)
            {
                _observer.Observe(_builder.Build(id));
            }


            _encoded.ResetWrittenCount();
            _builder.WriteTo(_encoded, id, _options.Format, _options.Names, _options.MaxReportBytes);
            if (_waiting is not null)
            {
                _metrics.Superseded();
            }

            _waiting = new PendingReport(id, _encoded.WrittenSpan.ToArray(), sample, accept);
            _metrics.Built();
        }
#pragma warning disable CA1031 // The host's own collecting may throw anything; the next report may be well.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _metrics.Failed();
            Log.NotBuilt(_logger, e);
        }
    }

    private void Publish(PendingReport report)
    {
        _waiting = null;
        _underWay = report;
        report.Deadline = Now + _options.ReplyTimeout;
        _metrics.Published(report.Payload.Length);
        _publication = PublishAsync(report);
    }

    private async Task PublishAsync(PendingReport report)
    {
        using var timeout = new CancellationTokenSource(_options.ReplyTimeout, _time);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            await _connection.PublishAsync(_topics.Report, report.Payload, cancellationToken: abandoned.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            // It may have arrived: the missing answer says the same.
        }
        catch (ObjectDisposedException)
        {
            // The connection is closed for good: its state says so.
        }
#pragma warning disable CA1031 // A connection of the host's own may throw anything; the report is tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate) { _publishError = e; }
            _wake.Set();
        }
    }

    private void PublishFailed()
    {
        Exception? error;
        lock (_gate)
        {
            error = _publishError;
            _publishError = null;
        }

        if (error is null || _underWay is not { } report)
        {
            return;
        }

        TimeSpan delay = _backoff.Next();
        Log.NotPublished(_logger, report.Id, delay, error.Message);
        _underWay = null;
        _waiting = report;
        _notBefore = Now + delay;
    }

    private void Answered(DefenderReply reply)
    {
        // A late word about the report before: the next one was built without it, but what was accepted was accepted.
        if (reply.IsAccepted && reply.ReportId is { } late && late == _unanswered?.Id)
        {
            Accepted(_unanswered);
            _unanswered = null;
            return;
        }

        // A rejection does not say which report it means: it is the one that was sent last.
        PendingReport? report = _underWay ?? _unanswered;
        if (report is null || (reply.ReportId is { } id && id != report.Id))
        {
            return;
        }

        _underWay = null;
        _unanswered = null;
        if (reply.IsAccepted)
        {
            _throttled = 0;
            Accepted(report);
            Rest(_options.Interval);
        }
        else
        {
            Rejected(report, reply);
        }
    }

    private void Accepted(PendingReport report)
    {
        _backoff.Reset();
        _metrics.Accepted();
        Log.Accepted(_logger, report.Id, report.Payload.Length);
        if (report.Sample is { } sample)
        {
            _callbacks.Call(nameof(_options.Collector), () => _options.Collector!.Accept(sample));
        }

        if (report.Accept is { } accept)
        {
            _callbacks.Call(nameof(_options.Collect), accept);
        }

        if (_options.OnAccepted is { } onAccepted)
        {
            _callbacks.Call(nameof(_options.OnAccepted), () => onAccepted(report.Id));
        }
    }

    private void Rejected(PendingReport report, DefenderReply reply)
    {
        _metrics.Rejected(reply.IsThrottled);
        if (reply.IsThrottled)
        {
            _throttled = Math.Min(_throttled + 1, MaxThrottleDoublings);
            TimeSpan delay = Rest(_options.Interval * (1 << _throttled));
            Log.Throttled(_logger, report.Id, reply.Code, delay);
        }
        else
        {
            Rest(_options.Interval);
            Log.Rejected(_logger, report.Id, reply.Code, reply.Message);
        }

        if (_options.OnRejected is { } onRejected)
        {
            _callbacks.Call(nameof(_options.OnRejected), () => onRejected(new DefenderRejection(report.Id, reply.Code, reply.Message, reply.IsThrottled)));
        }
    }

    private void Overdue()
    {
        if (_underWay is { } report && Now >= report.Deadline)
        {
            _metrics.Unanswered();
            Log.Unanswered(_logger, report.Id, _options.ReplyTimeout);
            _underWay = null;
            _unanswered = report;
            Rest(_options.Interval);
        }
    }

    // From the answer on, not from the publication: the service has then seen the last report for at least the interval.
    private TimeSpan Rest(TimeSpan interval)
    {
        TimeSpan delay = interval + Jitter();
        _due = Now + delay;
        return delay;
    }

    private TimeSpan Jitter()
    {
#pragma warning disable CA5394 // Spreads load; nothing secret hangs on it.
        return _options.Jitter * Random.Shared.NextDouble();
#pragma warning restore CA5394
    }

    private async Task WatchAsync()
    {
        MqttConnectionState seen = MqttConnectionState.Initial;
        try
        {
            while (seen.Status != MqttConnectionStatus.Closed)
            {
                seen = await _connection.WaitForChangeAsync(seen, _stop.Token).ConfigureAwait(false);
                _wake.Set();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The publisher is closing.
        }
        catch (ObjectDisposedException)
        {
            // The connection is closed for good.
        }
    }

    private void SetTimer()
    {
        TimeSpan next = _underWay?.Deadline ?? _due;
        if (_waiting is not null && _underWay is null && CanPublish && _notBefore < next)
        {
            next = _notBefore;
        }

        TimeSpan wait = next - Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void Idle()
    {
        lock (_gate)
        {
            foreach (TaskCompletionSource idle in _idle)
            {
                idle.TrySetResult();
            }

            _idle.Clear();
        }
    }
}
