using System.Diagnostics.CodeAnalysis;
using IotOps.Mqtt.Sessions;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// All that has been published and is not accounted for; it outlives connections. Whoever sends takes from it, in order, what may be sent. One
/// lock guards it; nothing waits with the lock held.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const int MostPooled = 1024;

    // MQTTnet counts packet ids up, and after 65,535 hands them out again though they are in flight: none in flight may fall so far behind.
    private const int MostIdsAhead = 60_000;
    private static readonly TimeSpan TimerResolution = TimeSpan.FromMilliseconds(1);

    private readonly object _gate = new();
    private readonly MqttConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly MqttCounters _counters;
    private readonly PublishCheck _check;
    private readonly PublishPacer? _pacer;
    private readonly ITimer? _paceTimer;
    private readonly PublishQueue _queue;
    private readonly OperationList _unacknowledged = new();
    private readonly Stack<PublishOperation> _pool = new();

    // In flight, and nobody waits for them any more.
    private readonly HashSet<PublishOperation> _abandoned = [];
    private readonly int _ownWindow;

    private TaskCompletionSource _changed = NewSignal();
    private LinkTerms? _terms;
    private PublishOperation? _resend;
    private bool _open;
    private int _window;
    private int _onConnection;
    private long _connection;
    private ushort _id;
    private MqttException? _refusal;
    private MqttException? _lastError;
    private TaskCompletionSource? _empty;

    public Outbox(MqttConnectionOptions options, MqttCounters counters)
    {
        _options = options;
        _time = options.TimeProvider;
        _counters = counters;
        _check = new PublishCheck(options);
        _pacer = PublishPacer.Create(options.Limits, _time);
        _paceTimer = _pacer is null ? null : _time.CreateTimer(static state => ((Outbox)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ownWindow = Math.Min(options.MaxInFlight, options.Limits.UnacknowledgedPublishes);
        _queue = new PublishQueue(options.OfflinePolicy, options.QueueLimitBytes);
    }

    /// <summary>Publications that wait to be sent.</summary>
    public int Queued
    {
        get { lock (_gate) { return _queue.Count; } }
    }

    /// <summary>Publications sent and not acknowledged.</summary>
    public int InFlight
    {
        get { lock (_gate) { return _unacknowledged.Count; } }
    }

    /// <summary>See <see cref="IMqttConnection.PublishAsync"/>.</summary>
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        int bodyLength;
        try
        {
            bodyLength = _check.BodyLength(topic, payload.Length, qos, options);
        }
        catch (MqttException e)
        {
            return ValueTask.FromException(e);
        }

        // Whoever gives up waiting may use its memory again, while the message goes on.
        ReadOnlyMemory<byte> own = cancellationToken.CanBeCanceled ? payload.ToArray() : payload;
        PublishOperation operation;
        PublishOperation? superseded = null;
        lock (_gate)
        {
            operation = _pool.TryPop(out PublishOperation? pooled) ? pooled : new PublishOperation(this);
            operation.Set(topic, own, qos, options, bodyLength);
            MqttException? error = _refusal ?? (_terms is null ? null : Refusal(operation)) ?? _queue.TryAdd(operation, down: !_open, _lastError, out superseded);
            if (error is not null)
            {
                _counters.Rejected++;
                return ValueTask.FromException(error);
            }

            _changed.TrySetResult();
        }

        if (superseded is not null)
        {
            Fail([(superseded, PublishQueue.Superseded(superseded))]);
        }

        if (cancellationToken.CanBeCanceled)
        {
            operation.CancelWith(cancellationToken);
        }

        return operation.Task;
    }

    /// <summary>Takes what is to be sent next. When nothing may be, <paramref name="changed"/> ends when that may have changed.</summary>
    public bool TryTake([NotNullWhen(true)] out PublishOperation? operation, out bool again, out Task changed)
    {
        List<(PublishOperation, MqttException)> refused = [];
        lock (_gate)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = NewSignal();
            }

            changed = _changed.Task;
            again = _terms is not null && _resend is not null;
            operation = again ? TakeAgain() : _open ? TakeQueued(refused) : null;
        }

        Fail(refused);
        return operation is not null;
    }

    /// <summary>A SUBSCRIBE or UNSUBSCRIBE takes an id too.</summary>
    public void CountId()
    {
        lock (_gate) { _id++; }
    }

    /// <summary>The broker accepted: what it may have already is sent again first, or put back when it lost the session.</summary>
    public void Attach(LinkTerms terms, long connection)
    {
        List<(PublishOperation, MqttException)> failed = [];
        lock (_gate)
        {
            _terms = terms;
            _connection = connection;
            _onConnection = 0;
            _id = 0;
            _window = Math.Min(_ownWindow, terms.ReceiveMaximum);
            if (terms.SessionPresent)
            {
                _resend = _unacknowledged.First;
            }
            else
            {
                PutBackUnacknowledged(failed);
            }

            _changed.TrySetResult();
        }

        Fail(failed);
    }

    /// <summary>Subscriptions are back: what waits is sent.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _open = _terms is not null;
            _queue.GoUp();
            _changed.TrySetResult();
        }
    }

    /// <summary>The connection ended.</summary>
    public void Detach(MqttException error)
    {
        List<(PublishOperation, MqttException)> failed = [];
        lock (_gate)
        {
            _terms = null;
            _resend = null;
            _open = false;
            _lastError = error;
            _queue.GoDown(error, failed);
            CheckEmpty();
        }

        Fail(failed);
    }

    /// <summary>An attempt to connect failed: publications that may not wait say why.</summary>
    public void SetLastError(MqttException error)
    {
        lock (_gate) { _lastError = error; }
    }

    /// <summary>From now on nothing is taken.</summary>
    public void Refuse(MqttException refusal)
    {
        lock (_gate) { _refusal ??= refusal; }
    }

    /// <summary>Ends when all is accounted for.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
        {
            _empty ??= NewSignal();
            CheckEmpty();
            return _empty.Task;
        }
    }

    /// <summary>Fails all that is left.</summary>
    public void FailAll(MqttException error)
    {
        List<(PublishOperation, MqttException)> failed = [];
        lock (_gate)
        {
            _refusal ??= error;
            while (_unacknowledged.First is { } operation)
            {
                _unacknowledged.Remove(operation);
                failed.Add((operation, error));
            }

            while (_queue.First is { } operation)
            {
                _queue.Remove(operation);
                failed.Add((operation, error));
            }
        }

        Fail(failed);
    }

    /// <summary>A QoS 1 publication is accounted for: acknowledged, or refused with an error.</summary>
    public void Settle(PublishOperation operation, MqttException? error)
    {
        lock (_gate)
        {
            if (operation.List != _unacknowledged)
            {
                return;
            }

            _unacknowledged.Remove(operation);
            _onConnection--;
            _counters.Acknowledged++;
            _changed.TrySetResult();
            CheckEmpty();
            if (_abandoned.Remove(operation))
            {
                return;
            }
        }

        if (error is null)
        {
            operation.Complete();
        }
        else
        {
            operation.Fail(error);
        }
    }

    /// <summary>When the publication that waits longest for its answer was sent; null when none waits.</summary>
    public long? OldestSentAt()
    {
        lock (_gate) { return _unacknowledged.First is { } oldest && oldest.Connection == _connection ? oldest.SentAt : null; }
    }

    /// <summary>Nobody waits for this one any more. What the broker may have is still sent until it has acknowledged.</summary>
    public void Cancel(PublishOperation operation, CancellationToken token)
    {
        lock (_gate)
        {
            if (operation.List is null)
            {
                return;
            }

            if (_queue.Holds(operation))
            {
                _queue.Remove(operation);
                CheckEmpty();
            }
            else
            {
                _abandoned.Add(operation);
            }
        }

        operation.Fail(new OperationCanceledException(token));
    }

    /// <summary>Takes back one that has been awaited; an abandoned one is still under way.</summary>
    public void Return(PublishOperation operation)
    {
        lock (_gate)
        {
            if (operation.List is null && _pool.Count < MostPooled)
            {
                operation.Clear();
                _pool.Push(operation);
            }
        }
    }

    public void Dispose() => _paceTimer?.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        lock (_gate) { _changed.TrySetResult(); }
    }

    private void Fail(List<(PublishOperation Operation, MqttException Error)> failed)
    {
        foreach ((PublishOperation operation, MqttException error) in failed)
        {
            bool abandoned;
            lock (_gate) { abandoned = _abandoned.Remove(operation); }
            if (!abandoned)
            {
                operation.Fail(error);
            }
        }
    }

    // What follows runs with the lock held.

    private PublishOperation? TakeAgain()
    {
        PublishOperation operation = _resend!;
        if (!CanSend(operation))
        {
            return null;
        }

        _resend = operation.Next;
        _counters.Resent++;
        return Sent(operation);
    }

    private PublishOperation? TakeQueued(List<(PublishOperation, MqttException)> refused)
    {
        while (_queue.First is { } operation)
        {
            if (Refusal(operation) is { } error)
            {
                _queue.Remove(operation);
                refused.Add((operation, error));
                continue;
            }

            if (!CanSend(operation))
            {
                return null;
            }

            _queue.Remove(operation);
            if (operation.IsQoS1)
            {
                _unacknowledged.AddLast(operation);
            }

            return Sent(operation);
        }

        CheckEmpty();
        return null;
    }

    private PublishOperation Sent(PublishOperation operation)
    {
        _counters.Published++;
        if (operation.IsQoS1)
        {
            operation.SentAt = _time.GetTimestamp();
            operation.Connection = _connection;
            operation.PacketId = ++_id;
            _onConnection++;
        }

        return operation;
    }

    private bool CanSend(PublishOperation operation)
    {
        if (operation.IsQoS1 && (_onConnection >= _window || OldestIsFarBehind()))
        {
            return false;
        }

        if (_pacer is null || _pacer.TryTake(operation.PacketLength, out TimeSpan wait))
        {
            return true;
        }

        _paceTimer!.Change(wait > TimerResolution ? wait : TimerResolution, Timeout.InfiniteTimeSpan);
        return false;
    }

    private bool OldestIsFarBehind() =>
        _unacknowledged.First is { } oldest && oldest.Connection == _connection && (ushort)(_id - oldest.PacketId) > MostIdsAhead;

    // What the broker said it does not take.
    private MqttException? Refusal(PublishOperation operation)
    {
        LinkTerms terms = _terms!;
        (string what, MqttReasonCode reason)? refusal =
            operation.PacketLength > terms.MaxPacketBytes ? ($"it has {operation.PacketLength} bytes, and the broker takes {terms.MaxPacketBytes}", MqttReasonCode.PacketTooLarge)
            : operation.IsQoS1 && !terms.AcceptsQoS1 ? ("the broker offers QoS 0 only", MqttReasonCode.QoSNotSupported)
            : operation.Options is { Retain: true } && !terms.RetainAvailable ? ("the broker keeps no retained messages", MqttReasonCode.RetainNotSupported)
            : null;
        return refusal is null ? null : new MqttException($"The publication to '{operation.Topic}' was not sent: {refusal.Value.what}.") { Reason = refusal.Value.reason };
    }

    private void PutBackUnacknowledged(List<(PublishOperation, MqttException)> failed)
    {
        while (_unacknowledged.Last is { } operation)
        {
            _unacknowledged.Remove(operation);
            if (_options.OfflinePolicy != MqttOfflinePolicy.Fail)
            {
                _queue.PutBack(operation);
            }
            else
            {
                string why = $"Whether the broker has the publication to '{operation.Topic}' is not known: it lost the session before it acknowledged, and OfflinePolicy is Fail.";
                failed.Add((operation, new MqttException(why) { IsTransient = true }));
            }
        }

        if (_options.OfflinePolicy == MqttOfflinePolicy.KeepNewestPerTopic)
        {
            _queue.GoDown(_lastError!, failed);
        }
    }

    private void CheckEmpty()
    {
        if (_empty is not null && _queue.Count == 0 && _unacknowledged.Count == 0)
        {
            _empty.TrySetResult();
        }
    }
}
