using System.Text.Json;
using System.Threading.Channels;
using IotOps.Mqtt;
using IotOps.Shared;

namespace IotOps.Shadow.Sync;

/// <summary>
/// The one owner of every shadow's conversation: it takes the messages, watches the connection and the clock, and keeps the service's
/// rates over all shadows of the thing. Nothing else touches a session's state, so there is nothing to lock and no update to lose.
/// </summary>
internal sealed class SyncLoop : IAsyncDisposable
{
    private const int MaxExactShadows = 10;

    private readonly SyncContext _context;
    private readonly IMqttConnection _connection;
    private readonly ShadowTopics _topics;
    private readonly Loop _loop;
    private readonly RequestBudget _budget = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShadowSession> _byName = new(StringComparer.Ordinal);
    private readonly ShadowSession[] _sessions;
    private readonly List<(ShadowSession Session, ShadowRequest Request, Exception Error)> _failures = [];

    // Full: the subscriptions wait, and with them the broker, since nothing is acknowledged before it was dealt with.
    private readonly Channel<MqttReceivedMessage> _inbox = Channel.CreateBounded<MqttReceivedMessage>(256);
    private long _connections = -1;
    private int _next;

    public SyncLoop(SyncContext context, IEnumerable<ShadowSession> sessions)
    {
        _context = context;
        _connection = context.Options.Connection;
        _topics = new ShadowTopics(context.Options.ThingName);
        _loop = new Loop(context.Options.TimeProvider, RoundAsync, error => Log.LoopFailed(context.Logger, error));
        _sessions = [.. sessions];
        foreach (ShadowSession session in _sessions)
        {
            _byName.Add(session.Slot.Id.Name, session);
        }
    }

    private TimeSpan Now => _loop.Now;

    /// <summary>Begins to talk.</summary>
    public void Start()
    {
        _loop.Attach(WatchAsync);
        if (_sessions.Length <= MaxExactShadows)
        {
            foreach (ShadowSession session in _sessions)
            {
                Receive(_topics.Filters(session.Slot.Id), [session]);
            }
        }
        else
        {
            Receive(_topics.FiltersOfAllNamed(), Array.FindAll(_sessions, static session => !session.Slot.Id.IsClassic));
            if (_byName.TryGetValue("", out ShadowSession? classic))
            {
                Receive(_topics.Filters(ShadowId.Classic), [classic]);
            }
        }

        _loop.Start();
    }

    /// <summary>There may be something to do.</summary>
    public void Wake() => _loop.Wake();

    /// <summary>Completes when everything that has arrived is dealt with: for tests, which own the clock.</summary>
    internal Task IdleAsync() => _loop.IdleAsync();

    /// <summary>Ends the conversation; the outcome of requests in flight is read back by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync().ConfigureAwait(false);
        _inbox.Writer.TryComplete();
        while (_inbox.Reader.TryRead(out MqttReceivedMessage? message))
        {
            message.Dispose();
        }

        foreach (ShadowSession session in _sessions)
        {
            session.Close();
        }
    }

    private async ValueTask<TimeSpan?> RoundAsync()
    {
        Connection();
        await MessagesAsync().ConfigureAwait(false);
        await RequestsAsync().ConfigureAwait(false);
        return Sleep();
    }

    private void Receive(string[] filters, ShadowSession[] sessions) => _loop.Attach(stop => ReceiveAsync(filters, sessions, stop));

    private async Task ReceiveAsync(string[] filters, ShadowSession[] sessions, CancellationToken stop)
    {
        var options = new MqttReceiveOptions
        {
            TimeProvider = _context.Options.TimeProvider,
            OnSubscribed = () => Subscribed(sessions, true),
            OnFailed = (error, _) =>
            {
                Subscribed(sessions, false);
                Log.NotSubscribed(_context.Logger, filters[0], error.Message);
            },
        };
        try
        {
            await foreach (MqttReceivedMessage message in _connection.ReceiveAsync(filters, options, stop).ConfigureAwait(false))
            {
                try
                {
                    await _inbox.Writer.WriteAsync(message, stop).ConfigureAwait(false);
                }
                catch
                {
                    message.Dispose();
                    throw;
                }

                _loop.Wake();
            }
        }
        finally
        {
            Subscribed(sessions, false);
        }
    }

    private void Subscribed(ShadowSession[] sessions, bool value)
    {
        foreach (ShadowSession session in sessions)
        {
            session.IsSubscribed = value;
        }

        _loop.Wake();
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
        catch (Exception e) when (!_loop.Stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            session.Failed(Now);
            Log.SyncFailed(_context.Logger, session.Slot.Id, e);
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
        foreach ((ShadowSession session, ShadowRequest request, Exception error) in Failures())
        {
            session.PublishFailed(request, error, now);
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
                    _loop.Attach(PublishAsync(session, request));
                }
            }

            if (session.CompleteRound())
            {
                _loop.Wake();
            }
        }
    }

    private (ShadowSession Session, ShadowRequest Request, Exception Error)[] Failures()
    {
        lock (_gate)
        {
            (ShadowSession, ShadowRequest, Exception)[] failures = [.. _failures];
            _failures.Clear();
            return failures;
        }
    }

    private async Task PublishAsync(ShadowSession session, ShadowRequest request)
    {
        using var timeout = new CancellationTokenSource(_context.Options.ReplyTimeout, _context.Options.TimeProvider);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _loop.Stopping);
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
#pragma warning disable CA1031 // A connection of the host's own may throw anything; the request is made again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate) { _failures.Add((session, request, e)); }
            _loop.Wake();
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await foreach (MqttConnectionState _ in _connection.StatesAsync(stop).ConfigureAwait(false))
        {
            _loop.Wake();
        }
    }

    private TimeSpan? Sleep()
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

        return due == TimeSpan.MaxValue ? null : due - now;
    }
}
