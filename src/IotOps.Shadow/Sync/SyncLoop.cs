using System.Text.Json;
using System.Threading.Channels;
using IotOps.Mqtt;

namespace IotOps.Shadow.Sync;

/// <summary>
/// The one owner of every shadow's conversation: it takes the messages, watches the connection and the clock, and keeps the service's
/// rates over all shadows of the thing. Nothing else touches a session's state, so there is nothing to lock and no update to lose.
/// </summary>
internal sealed class SyncLoop : IAsyncDisposable
{
    private const int MaxExactShadows = 10;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly SyncContext _context;
    private readonly IMqttConnection _connection;
    private readonly ShadowTopics _topics;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly WakeSignal _wake = new();
    private readonly RequestBudget _budget = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Dictionary<string, ShadowSession> _byName = new(StringComparer.Ordinal);
    private readonly ShadowSession[] _sessions;
    private readonly List<Task> _pumps = [];
    private readonly List<Task> _publications = [];
    private readonly List<(ShadowSession Session, ShadowRequest Request, MqttException Error)> _failures = [];
    private readonly List<TaskCompletionSource> _idle = [];

    // Full: the pump waits, and with it the broker, since nothing is acknowledged before it was dealt with.
    private readonly Channel<MqttReceivedMessage> _inbox = Channel.CreateBounded<MqttReceivedMessage>(256);
    private readonly MessagePump _pump;
    private Task _loop = Task.CompletedTask;
    private long _connections = -1;
    private int _next;

    public SyncLoop(SyncContext context, IEnumerable<ShadowSession> sessions)
    {
        _context = context;
        _connection = context.Options.Connection;
        _topics = new ShadowTopics(context.Options.ThingName);
        _time = context.Options.TimeProvider;
        _start = _time.GetTimestamp();
        _timer = _time.CreateTimer(static loop => ((SyncLoop)loop!)._wake.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pump = new MessagePump(context, _inbox.Writer, _wake);
        _sessions = [.. sessions];
        foreach (ShadowSession session in _sessions)
        {
            _byName.Add(session.Slot.Id.Name, session);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Begins to talk.</summary>
    public void Start()
    {
        _pumps.Add(WatchAsync());
        if (_sessions.Length <= MaxExactShadows)
        {
            foreach (ShadowSession session in _sessions)
            {
                _pumps.Add(_pump.RunAsync(_topics.Filters(session.Slot.Id), [session], _stop.Token));
            }
        }
        else
        {
            _pumps.Add(_pump.RunAsync(_topics.FiltersOfAllNamed(), Array.FindAll(_sessions, static session => !session.Slot.Id.IsClassic), _stop.Token));
            if (_byName.TryGetValue("", out ShadowSession? classic))
            {
                _pumps.Add(_pump.RunAsync(_topics.Filters(ShadowId.Classic), [classic], _stop.Token));
            }
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>There may be something to do.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Completes when everything that has arrived is dealt with: for tests, which own the clock.</summary>
    internal Task IdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_idle)
        {
            _idle.Add(idle);
        }

        _wake.Set();
        return idle.Task;
    }

    /// <summary>Ends the conversation; what was under way is read back by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        _inbox.Writer.TryComplete();
        Task[] publications;
        lock (_failures) { publications = [.. _publications]; }

        try
        {
            await Task.WhenAll([_loop, .. _pumps, .. publications]).WaitAsync(CloseTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The connection does not let go of its subscriptions; whoever disposes it ends them.
        }

        while (_inbox.Reader.TryRead(out MqttReceivedMessage? message))
        {
            message.Dispose();
        }

        foreach (ShadowSession session in _sessions)
        {
            session.Close();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Task wake = _wake.TakeAsync();
            try
            {
                Connection();
                await MessagesAsync().ConfigureAwait(false);
                await RequestsAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (_stop.IsCancellationRequested)
            {
                break;
            }

            SetTimer();
            if (!wake.IsCompleted)
            {
                Idle();
            }

            await wake.ConfigureAwait(false);
        }
    }

    private void Connection()
    {
        MqttConnectionState state = _connection.State;
        long connections = state.Status == MqttConnectionStatus.Connected ? state.Connections : -1;
        if (connections == _connections)
        {
            return;
        }

        _connections = connections;
        foreach (ShadowSession session in _sessions)
        {
            if (connections < 0)
            {
                session.Disconnected();
            }
            else
            {
                session.Connected(Now);
            }
        }
    }

    private async ValueTask MessagesAsync()
    {
        while (_inbox.Reader.TryRead(out MqttReceivedMessage? received))
        {
            using (received)
            {
                MessageKind kind = _topics.Parse(received.Topic, out string name);
                if (kind != MessageKind.Other && _byName.TryGetValue(name, out ShadowSession? session))
                {
                    await MessageAsync(session, kind, received).ConfigureAwait(false);
                }
            }
        }
    }

    private async ValueTask MessageAsync(ShadowSession session, MessageKind kind, MqttReceivedMessage received)
    {
        ShadowMessage message;
        try
        {
            message = ShadowMessage.Read(kind, received.Payload.Span);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            _context.Metrics.Malformed(session.Slot.Id);
            Log.Malformed(_context.Logger, received.Topic, received.Payload.Length, e.Message);
            return;
        }

        if (message.Token.StartsWith(_context.TokenPrefix, StringComparison.Ordinal))
        {
            Account(message);
        }

        try
        {
            await session.OnMessageAsync(message, Now).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A resolver of the host's may throw anything; the loop serves every other shadow, too.
        catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.SyncFailed(_context.Logger, session.Slot.Id, e);
            session.Failed(Now);
        }
    }

    private void Account(ShadowMessage answer)
    {
        if (answer.Kind is MessageKind.GetAccepted or MessageKind.UpdateAccepted or MessageKind.DeleteAccepted)
        {
            _budget.Accepted();
        }
        else if (answer.Code == Refusal.TooManyRequests)
        {
            _budget.Throttled(Now);
        }
    }

    private async ValueTask RequestsAsync()
    {
        TimeSpan now = Now;
        lock (_failures)
        {
            foreach ((ShadowSession session, ShadowRequest request, MqttException error) in _failures)
            {
                session.PublishFailed(request, error, now);
            }

            _failures.Clear();
            _publications.RemoveAll(static publication => publication.IsCompleted);
        }

        int inFlight = 0;
        foreach (ShadowSession session in _sessions)
        {
            session.Tick(now);
            inFlight += session.InFlight is null ? 0 : 1;
        }

        // Each turn begins where the last one ran out, so that no shadow waits for the others for ever.
        int first = _next;
        for (int i = 0; i < _sessions.Length; i++)
        {
            int at = (first + i) % _sessions.Length;
            ShadowSession session = _sessions[at];
            if (session.Wanted(now) is { } kind)
            {
                if (!_budget.TryTake(now, inFlight))
                {
                    _next = at;
                    break;
                }

                if (await session.BeginAsync(kind, now).ConfigureAwait(false) is { } request)
                {
                    inFlight++;
                    Publish(session, request);
                }
            }

            session.CompleteRound();
        }
    }

    private void Publish(ShadowSession session, ShadowRequest request)
    {
        Task publication = PublishAsync(session, request);
        if (!publication.IsCompleted)
        {
            lock (_failures) { _publications.Add(publication); }
        }
    }

    private async Task PublishAsync(ShadowSession session, ShadowRequest request)
    {
        using var timeout = new CancellationTokenSource(_context.Options.ReplyTimeout, _time);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            await _connection.PublishAsync(
                _topics.Request(session.Slot.Id, request.Operation),
                request.Payload(session.SendsVersion(request)),
                cancellationToken: abandoned.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            // It is no longer waited for.
        }
        catch (ObjectDisposedException)
        {
            // The connection is closed for good: its state says so.
        }
        catch (MqttException e)
        {
            lock (_failures) { _failures.Add((session, request, e)); }
            _wake.Set();
        }
    }

    private async Task WatchAsync()
    {
        MqttConnectionState seen = MqttConnectionState.Initial;
        try
        {
            while (true)
            {
                seen = await _connection.WaitForChangeAsync(seen, _stop.Token).ConfigureAwait(false);
                _wake.Set();
                if (seen.Status == MqttConnectionStatus.Closed)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The cache is closing.
        }
        catch (ObjectDisposedException)
        {
            // The connection is closed for good.
        }
    }

    private void SetTimer()
    {
        TimeSpan now = Now;
        TimeSpan due = TimeSpan.MaxValue;
        bool wantsMore = false;
        foreach (ShadowSession session in _sessions)
        {
            TimeSpan at = session.DueAfter(now);
            due = at < due ? at : due;
            wantsMore |= session.Wanted(now) is not null;
        }

        TimeSpan free = _budget.NextAt(now);
        if (wantsMore && free > now && free < due)
        {
            due = free;
        }

        _timer.Change(due == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : due - now, Timeout.InfiniteTimeSpan);
    }

    private void Idle()
    {
        lock (_idle)
        {
            foreach (TaskCompletionSource idle in _idle)
            {
                idle.TrySetResult();
            }

            _idle.Clear();
        }
    }
}
