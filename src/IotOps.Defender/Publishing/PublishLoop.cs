using System.Buffers;
using System.Diagnostics;
using IotOps.Mqtt;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>
/// The one owner of a publisher's state: it builds when the interval is over, sends when the connection is there, matches the answer, and
/// waits. At most one report waits and one is in flight; nothing else touches them, so there is nothing to lock.
/// </summary>
internal sealed class PublishLoop : IAsyncDisposable
{
    private const int MaxThrottleDoublings = 3;

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
    private readonly Lock _gate = new();
    private readonly Loop _loop;
    private readonly ReplyInbox _replies;
    private readonly ReportObserver _observer;
    private readonly HostCallbacks _callbacks;
    private Exception? _publishError;
    private PendingReport? _acknowledged;
    private TimeSpan _due;
    private TimeSpan _notBefore;
    private PendingReport? _waiting;
    private PendingReport? _inFlight;
    private PendingReport? _unanswered;
    private int _throttled;
    private int _isAsked;

    public PublishLoop(DefenderPublisherOptions options, PublisherMetrics metrics)
    {
        _options = options;
        _metrics = metrics;
        _logger = options.LoggerFactory.CreateLogger("IotOps.Defender.DefenderPublisher");
        _connection = options.Connection;
        _time = options.TimeProvider;
        _topics = new DefenderTopics(options.ThingName, options.Format, options.Topic);
        _ids = new ReportIds(options.StateDirectory is null ? null : Path.Combine(options.StateDirectory, "report-id"), _time, options.FileSystem, _logger);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), options.Interval);
        _loop = new Loop(_time, Round, error => Log.LoopFailed(_logger, error));
        _replies = new ReplyInbox(options, _topics, metrics, _logger, _loop.Wake);
        _callbacks = new HostCallbacks(_logger);
        _observer = new ReportObserver(options, metrics, _callbacks, _logger);
    }

    private TimeSpan Now => _loop.Now;

    private bool CanPublish => (!_topics.IsAnswered || _replies.IsSubscribed) && _connection.State.Status == MqttConnectionStatus.Connected;

    public void Start()
    {
        _due = Now + Jitter();
        if (_topics.IsAnswered)
        {
            _loop.Attach(_replies.RunAsync);
        }

        _loop.Attach(WatchAsync);
        _loop.Attach(_observer.RunAsync);
        _loop.Start();
    }

    /// <summary>Builds a report in the next round, whatever the interval says.</summary>
    public void ReportNow()
    {
        Volatile.Write(ref _isAsked, 1);
        _loop.Wake();
    }

    /// <summary>Completes when there is nothing to do until time passes or a message comes: for tests, which own the clock.</summary>
    public Task IdleAsync() => _loop.IdleAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private ValueTask<TimeSpan?> Round()
    {
        while (_replies.TryTake(out DefenderReply? reply))
        {
            Answered(reply);
        }

        Acknowledged();
        PublishFailed();
        Overdue();
        if (_inFlight is null && (Interlocked.Exchange(ref _isAsked, 0) == 1 || Now >= _due))
        {
            Build();
        }

        if (_waiting is not null && _inFlight is null && Now >= _notBefore && CanPublish)
        {
            Publish(_waiting);
        }

        return ValueTask.FromResult<TimeSpan?>(Sleep());
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

            _metrics.Outcomes.Waits();
            _waiting = new PendingReport(id, _encoded.WrittenSpan.ToArray(), sample, accept);
            _metrics.Built();
        }
#pragma warning disable CA1031 // The host's own collecting may throw anything; the next report may be well.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _metrics.Failed();
            _metrics.Outcomes.Failed($"A report could not be made: {e.Message}");
            Log.NotBuilt(_logger, e);
        }
    }

    private void Publish(PendingReport report)
    {
        _waiting = null;
        _inFlight = report;
        report.Deadline = Now + _options.ReplyTimeout;
        _metrics.Published(report.Payload.Length);
        report.Span = PublisherMetrics.Source.StartDetached("defender report", ActivityKind.Client);
        report.Span?.SetTag("report", report.Id).SetTag("bytes", report.Payload.Length);
        _loop.Attach(PublishAsync(report));
    }

    private async Task PublishAsync(PendingReport report)
    {
        using var timeout = new CancellationTokenSource(_options.ReplyTimeout, _time);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _loop.Stopping);
        try
        {
            await _connection.PublishAsync(_topics.Report, report.Payload, cancellationToken: abandoned.Token).ConfigureAwait(false);
            if (!_topics.IsAnswered)
            {
                lock (_gate) { _acknowledged = report; }
                _loop.Wake();
            }
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
            _loop.Wake();
        }
    }

    // On a topic of the team's the broker's PUBACK is all the answer there is: the rule behind it has the report.
    private void Acknowledged()
    {
        PendingReport? report;
        lock (_gate)
        {
            report = _acknowledged;
            _acknowledged = null;
        }

        if (report is not null && (report == _inFlight || report == _unanswered))
        {
            _inFlight = report == _inFlight ? null : _inFlight;
            _unanswered = null;
            Rest(_options.Interval);
            Accepted(report);
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

        if (error is null || _inFlight is not { } report)
        {
            return;
        }

        TimeSpan delay = _backoff.Next();
        _inFlight = null;
        _waiting = report;
        _notBefore = Now + delay;
        NotAccepted(report, "publication", $"Report {report.Id} could not be published: {error.Message}");
        Log.NotPublished(_logger, report.Id, delay, error.Message);
    }

    private void Answered(DefenderReply reply)
    {
        // A late answer about the report before: the next one was built without it, but what was accepted was accepted.
        if (reply.IsAccepted && reply.ReportId is { } late && _unanswered is { } before && late == before.Id)
        {
            _unanswered = null;
            Accepted(before);
            return;
        }

        // A rejection does not say which report it means: it is the one that was sent last.
        PendingReport? report = _inFlight ?? _unanswered;
        if (report is null || (reply.ReportId is { } id && id != report.Id))
        {
            return;
        }

        _inFlight = null;
        _unanswered = null;
        if (reply.IsAccepted)
        {
            _throttled = 0;
            Rest(_options.Interval);
            Accepted(report);
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
        report.Span?.Dispose();
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

        // Last, here and elsewhere: a logger that throws must not leave a step half done.
        Log.Accepted(_logger, report.Id, report.Payload.Length);
    }

    private void Rejected(PendingReport report, DefenderReply reply)
    {
        _metrics.Rejected(reply.IsThrottled);
        NotAccepted(report, reply.Code, $"Report {report.Id} was rejected: {reply.Code}: {reply.Message}");
        _throttled = reply.IsThrottled ? Math.Min(_throttled + 1, MaxThrottleDoublings) : _throttled;
        TimeSpan delay = Rest(reply.IsThrottled ? _options.Interval * (1 << _throttled) : _options.Interval);
        if (_options.OnRejected is { } onRejected)
        {
            _callbacks.Call(nameof(_options.OnRejected), () => onRejected(new DefenderRejection(report.Id, reply.Code, reply.Message, reply.IsThrottled)));
        }

        if (reply.IsThrottled)
        {
            Log.Throttled(_logger, report.Id, reply.Code, delay);
        }
        else
        {
            Log.Rejected(_logger, report.Id, reply.Code, reply.Message);
        }
    }

    private void NotAccepted(PendingReport report, string? type, string why)
    {
        _metrics.Outcomes.Failed(why);
        report.Span.Fail(type ?? "", why);
        report.Span?.Dispose();
    }

    private void Overdue()
    {
        if (_inFlight is { } report && Now >= report.Deadline)
        {
            _inFlight = null;
            _unanswered = report;
            Rest(_options.Interval);
            _metrics.Unanswered();
            NotAccepted(report, "timeout", $"Report {report.Id} was not answered.");
            Log.Unanswered(_logger, report.Id, _options.ReplyTimeout);
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

    private async Task WatchAsync(CancellationToken stop)
    {
        await foreach (MqttConnectionState _ in _connection.StatesAsync(stop).ConfigureAwait(false))
        {
            _loop.Wake();
        }
    }

    private TimeSpan Sleep()
    {
        TimeSpan next = _inFlight?.Deadline ?? _due;
        if (_waiting is not null && _inFlight is null && CanPublish && _notBefore < next)
        {
            next = _notBefore;
        }

        // What is due already waits for something that wakes the loop, or for the next tick.
        TimeSpan wait = next - Now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
    }
}
