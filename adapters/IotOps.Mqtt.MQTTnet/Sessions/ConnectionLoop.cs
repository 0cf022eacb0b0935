using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace IotOps.Mqtt.Sessions;

/// <summary>Connects the client, uses the connection until it ends, waits, and connects again; the one task that owns a connection's life.</summary>
internal sealed class ConnectionLoop : IDisposable
{
    private readonly IMqttClient _client;
    private readonly MqttClientOptions _clientOptions;
    private readonly MqttConnectionOptions _options;
    private readonly Outbox _outbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly ReconnectBackoff _backoff;
    private readonly StateSignal _state;
    private readonly MqttCounters _counters;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SubscriptionSync _sync;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Link? _link;
    private long _connections;
    private bool _sessionPresent;

    public ConnectionLoop(
        IMqttClient client, MqttClientOptions clientOptions, MqttConnectionOptions options, Outbox outbox, SubscriptionTable subscriptions,
        ReconnectBackoff backoff, StateSignal state, MqttCounters counters, ILogger logger)
    {
        _client = client;
        _clientOptions = clientOptions;
        _options = options;
        _outbox = outbox;
        _subscriptions = subscriptions;
        _backoff = backoff;
        _state = state;
        _counters = counters;
        _logger = logger;
        _time = options.TimeProvider;
        _sync = new SubscriptionSync(options, subscriptions);
        _client.ApplicationMessageReceivedAsync += ReceiveAsync;
        _client.DisconnectedAsync += DisconnectedAsync;
    }

    /// <summary>Ends with the first connection, or with the reason why there is none.</summary>
    public Task First => _first.Task;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await TryOnceAsync(stop).ConfigureAwait(false) is { } refusal)
                {
                    Log.Refused(_logger, _options.ClientId, refusal.Message);
                    End(refusal);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        catch (Exception e)
        {
            // Nobody else would hear of it, and all who wait would wait for ever.
            Log.Defect(_logger, _options.ClientId, e);
            End(new MqttException($"The connection stopped because of a defect: {e.Message}", e));
        }
    }

    /// <summary>The end of everything: whoever waits is told.</summary>
    /// <param name="error">Why; null when it was asked for.</param>
    public void End(MqttException? error)
    {
        MqttException reason = error ?? SubscriptionTable.Closed();
        _outbox.FailAll(reason);
        _subscriptions.Close(error);
        _state.Set(new MqttConnectionState(MqttConnectionStatus.Closed, _connections, _sessionPresent, error ?? _state.State.Error));
        if (_first.TrySetException(reason))
        {
            // The caller of ConnectAsync may have given up waiting.
            _ = _first.Task.Exception;
        }
    }

    /// <summary>The client is its owner's alone again.</summary>
    public void Dispose()
    {
        _client.ApplicationMessageReceivedAsync -= ReceiveAsync;
        _client.DisconnectedAsync -= DisconnectedAsync;
    }

    // Returns an error that no further attempt would mend.
    private async Task<MqttException?> TryOnceAsync(CancellationToken stop)
    {
        long began = _time.GetTimestamp();
        Set(MqttConnectionStatus.Connecting, _state.State.Error);
        using var link = new Link(_client, _options, _connections + 1, _outbox, _subscriptions, _counters);
        Volatile.Write(ref _link, link);
        LinkTerms terms;
        try
        {
            terms = await ConnectAsync(stop).ConfigureAwait(false);
        }
        catch (MqttException e)
        {
            // Later on an operator may mend a policy, and must not have to visit the device.
            if (_connections == 0 && e is { IsTransient: false, Reason: not null })
            {
                return e;
            }

            _outbox.SetLastError(e);
            TimeSpan pause = _backoff.AfterFailure(e, _time.GetElapsedTime(began));
            Set(MqttConnectionStatus.Disconnected, e);
            Log.ConnectFailed(_logger, _options.ClientId, e.Message, pause);
            await Task.Delay(pause, _time, stop).ConfigureAwait(false);
            return null;
        }

        long since = _time.GetTimestamp();
        LinkEnd end = await UseAsync(link, terms, stop).ConfigureAwait(false);
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        TimeSpan delay = _backoff.AfterConnection(end.Error, end.ByBroker, _time.GetElapsedTime(since), out bool takenOver);
        Set(MqttConnectionStatus.Disconnected, end.Error);
        if (takenOver)
        {
            Log.TakenOver(_logger, _options.ClientId, delay);
        }
        else
        {
            Log.ConnectionLost(_logger, _options.ClientId, end.Error.Message, delay);
        }

        await Task.Delay(delay, _time, stop).ConfigureAwait(false);
        return null;
    }

    private async Task<LinkTerms> ConnectAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        MqttClientConnectResult answer;
        try
        {
            answer = await _client.ConnectAsync(_clientOptions, either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The client wraps what went wrong in types of several of its layers, and throws some of them bare.
            stop.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested
                ? new MqttException($"The broker could not be connected to within {_options.ConnectTimeout.TotalSeconds:0.#} s (ConnectTimeout).", e) { IsTransient = true }
                : new MqttException($"The broker could not be connected to: {e.GetBaseException().Message}", e) { IsTransient = true };
        }

        var reason = (MqttReasonCode)answer.ResultCode;
        return reason == MqttReasonCode.Success
            ? LinkTerms.Of(answer, _options)
            : throw new MqttException($"The broker refused the connection of client id '{_options.ClientId}': {Codec.ReasonText.Of(reason, answer.ReasonString)}")
            {
                Reason = reason,
                IsTransient = Codec.ReasonText.IsTransient(reason),
            };
    }

    private async Task<LinkEnd> UseAsync(Link link, LinkTerms terms, CancellationToken stop)
    {
        _connections++;
        _sessionPresent = terms.SessionPresent;
        _counters.Connected();
        _subscriptions.LinkUp(_sessionPresent, _connections);
        _outbox.Attach(terms, _connections);
        Task run = link.RunAsync(terms);
        try
        {
            using (stop.UnsafeRegister(static link => ((Link)link!).End(SubscriptionTable.Closed()), link))
            {
                await ServeAsync(link, terms).ConfigureAwait(false);
            }
        }
        finally
        {
            link.End(SubscriptionTable.Closed());
            await run.ConfigureAwait(false);
            _outbox.Detach((await link.Ended.ConfigureAwait(false)).Error);
            _subscriptions.LinkDown();
        }

        return await link.Ended.ConfigureAwait(false);
    }

    // Keeps the broker's subscriptions like ours until the link ends.
    private async Task ServeAsync(Link link, LinkTerms terms)
    {
        for (bool open = false; await _sync.RunAsync(link).ConfigureAwait(false); open = true)
        {
            if (!open)
            {
                _outbox.Open();
                Set(MqttConnectionStatus.Connected, _state.State.Error);
                Log.Connected(_logger, _options.ClientId, _sessionPresent, terms.KeepAlive);
                _first.TrySetResult();
            }

            await Task.WhenAny(link.Ended, _subscriptions.Changed).ConfigureAwait(false);
        }

        await link.Ended.ConfigureAwait(false);
    }

    private Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        Volatile.Read(ref _link)?.Receive(received);
        return Task.CompletedTask;
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        Volatile.Read(ref _link)?.Disconnected(args);
        return Task.CompletedTask;
    }

    private void Set(MqttConnectionStatus status, MqttException? error) =>
        _state.Set(new MqttConnectionState(status, _connections, _sessionPresent, error));
}
