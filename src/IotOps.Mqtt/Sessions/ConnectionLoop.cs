using System.Diagnostics;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Sessions;

/// <summary>Connects, uses the connection until it ends, waits, and connects again; the one task that owns a connection's life.</summary>
internal sealed class ConnectionLoop(
    MqttConnectionOptions options, Outbox outbox, SubscriptionTable subscriptions, StateSignal state, MqttCounters counters, ILogger logger)
{
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly Dialer _dialer = new(options);
    private readonly ReconnectBackoff _backoff = new(options, options.Jitter);
    private readonly SubscriptionSync _sync = new(options, outbox, subscriptions);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UnreadableMessages _unreadable = new();
    private readonly UnmatchedMessages _unmatched = new(options, counters, logger);
    private long _connections;
    private bool _sessionPresent;
    private Interruption? _interruption;

    /// <summary>Ends with the first connection, or with the reason why there is none.</summary>
    public Task First => _first.Task;

    /// <summary>Begins; files that no retry mends end it at once, before the network is used.</summary>
    public Task Start(CancellationToken stop)
    {
        if (_dialer.Wrong() is { } wrong)
        {
            Refuse(wrong);
            return Task.CompletedTask;
        }

        return Task.Run(() => RunAsync(stop), CancellationToken.None);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await TryOnceAsync(stop).ConfigureAwait(false) is { } refusal)
                {
                    Refuse(refusal);
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
            Log.Defect(logger, options.ClientId, e);
            End(new MqttException($"The connection stopped because of a defect: {e.Message}", e));
        }
    }

    /// <summary>The end of everything: whoever waits is told.</summary>
    /// <param name="error">Why; null when it was asked for.</param>
    public void End(MqttException? error)
    {
        MqttException reason = error ?? SubscriptionTable.Closed();
        outbox.FailAll(reason);
        subscriptions.Close(error);
        state.Set(new MqttConnectionState(MqttConnectionStatus.Closed, _connections, _sessionPresent, error ?? state.State.Error));
        if (_first.TrySetException(reason))
        {
            // The caller of ConnectAsync may have given up waiting.
            _ = _first.Task.Exception;
        }
    }

    private void Refuse(MqttException refusal)
    {
        Log.Refused(logger, options.ClientId, refusal.Message);
        End(refusal);
    }

    // Returns an error that no further attempt would mend.
    private async Task<MqttException?> TryOnceAsync(CancellationToken stop)
    {
        long began = _time.GetTimestamp();
        Set(MqttConnectionStatus.Connecting, state.State.Error);
        Link link;
        try
        {
            link = await TracedConnectAsync(stop).ConfigureAwait(false);
        }
        catch (MqttException e)
        {
            // Later on an operator may mend a policy, and must not have to visit the device.
            if (_connections == 0 && !e.IsTransient)
            {
                return e;
            }

            outbox.SetLastError(e);
            TimeSpan pause = _backoff.AfterFailure(e, _time.GetElapsedTime(began));
            Set(MqttConnectionStatus.Disconnected, e);
            Log.ConnectFailed(logger, options.ClientId, e.Message, pause);
            await Task.Delay(pause, _time, stop).ConfigureAwait(false);
            return null;
        }

        long since = _time.GetTimestamp();
        LinkEnd end = await UseAsync(link, stop).ConfigureAwait(false);
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        if (end.Cause == EndCause.Network)
        {
            // The way there may be broken for large packets only: another address may be reached another way.
            _dialer.CameToNothing();
        }

        TimeSpan delay = AfterConnection(end, _interruption!, _time.GetElapsedTime(since));
        Set(MqttConnectionStatus.Disconnected, end.Error);
        await Task.Delay(delay, _time, stop).ConfigureAwait(false);
        return null;
    }

    private TimeSpan AfterConnection(LinkEnd end, Interruption interruption, TimeSpan connected)
    {
        List<MqttException> givenUp = [.. interruption.GivenUp];
        if (subscriptions.Interrupted(interruption.Subscriptions, interruption.IsAlone, end.Error) is { } subscription)
        {
            givenUp.Add(subscription);
        }

        givenUp.ForEach(error => Log.GivenUp(logger, options.ClientId, error.Message));
        SuspectsAtEnd suspects = givenUp.Count > 0 ? SuspectsAtEnd.OneFound : interruption.InFlight.Count > 0 ? SuspectsAtEnd.Some : SuspectsAtEnd.None;
        TimeSpan delay = _backoff.AfterConnection(end.Error, end.Cause == EndCause.Broker, connected, suspects, out Takeover takenOver);
        string inFlight = interruption.InFlight.Count == 0 ? "nothing" : string.Join(", ", interruption.InFlight);
        switch (takenOver)
        {
            case Takeover.Told:
                Log.TakenOver(logger, options.ClientId, delay);
                break;
            case Takeover.Suspected:
                Log.ShortLives(logger, options.ClientId, ReconnectBackoff.Moment, inFlight, delay);
                break;
            default:
                Log.ConnectionLost(logger, options.ClientId, end.Error.Message, inFlight, delay);
                break;
        }

        return delay;
    }

    private async Task<Link> TracedConnectAsync(CancellationToken stop)
    {
        using Activity? span = MqttCounters.Source.StartActivity("mqtt connect", ActivityKind.Client);
        span?.SetTag("server.address", _dialer.Target);
        try
        {
            return await ConnectAsync(stop).ConfigureAwait(false);
        }
        catch (MqttException e)
        {
            span.Fail(e.Reason?.ToString() ?? "", e.Message);
            throw;
        }
    }

    private async Task<Link> ConnectAsync(CancellationToken stop)
    {
        bool forgets = _unreadable.MustForget;
        if (forgets)
        {
            Log.SessionGivenUp(logger, options.ClientId, UnreadableMessages.Most, _unreadable.Topic);
        }

        if (forgets && options.ProtocolVersion == MqttProtocolVersion.V311)
        {
            // In 3.1.1 a clean session ends with its connection: one of its own, so that the next one is kept again.
            await ForgetAsync(stop).ConfigureAwait(false);
        }

        Transport transport = await _dialer.ConnectAsync(stop).ConfigureAwait(false);
        var buffer = new ReceiveBuffer(options.MaxPacketBytes);
        try
        {
            // 3.1.1 has no other way to say that the session ends with the connection.
            bool cleanStart = options.CleanStart && (_connections == 0 || options.ProtocolVersion == MqttProtocolVersion.V311);
            cleanStart |= forgets && options.ProtocolVersion == MqttProtocolVersion.V5;
            ConnAckPacket terms = await Handshake.RunAsync(transport, buffer, options, cleanStart, stop).ConfigureAwait(false);
            if (forgets)
            {
                _unreadable.Forgotten();
            }

            _dialer.Works();
            return new Link(transport, buffer, terms, options, _connections + 1, outbox, subscriptions, _unmatched, counters, logger);
        }
        catch
        {
            _dialer.CameToNothing();
            transport.Abort();
            buffer.Dispose();
            throw;
        }
    }

    private async Task ForgetAsync(CancellationToken stop)
    {
        Transport transport = await _dialer.ConnectAsync(stop).ConfigureAwait(false);
        using var buffer = new ReceiveBuffer(options.MaxPacketBytes);
        try
        {
            await Handshake.RunAsync(transport, buffer, options, cleanStart: true, stop).ConfigureAwait(false);
            await transport.Stream.WriteAsync(DisconnectCodec.Write(options.ProtocolVersion, MqttReasonCode.Success), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (NetworkErrors.Contain(e) && !stop.IsCancellationRequested)
        {
            // The session is gone with the CONNACK; the rest is manners.
        }
        finally
        {
            transport.Abort();
        }
    }

    private async Task<LinkEnd> UseAsync(Link link, CancellationToken stop)
    {
        _connections++;
        _sessionPresent = link.Terms.SessionPresent;
        counters.Connected();
        subscriptions.LinkUp(_sessionPresent, link.Terms.SubscriptionIdentifiers, _connections);
        outbox.Attach(link.Sender, link.Terms);
        Task<LinkEnd> run = link.RunAsync();
        try
        {
            await ServeAsync(link, run, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                await link.DisconnectAsync(run, options.CloseTimeout).ConfigureAwait(false);
            }

            return await run.ConfigureAwait(false);
        }
        finally
        {
            link.Abort(SubscriptionTable.Closed());
            _unreadable.Ended(link.UnreadableMessage);
            _interruption = outbox.Detach(link.Ended!.Error, link.Ended.Cause);
            subscriptions.LinkDown();
            link.Dispose();
        }
    }

    // Keeps the broker's subscriptions like ours until the link ends or somebody stops us.
    private async Task ServeAsync(Link link, Task run, CancellationToken stop)
    {
        using var served = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, _time, served.Token);
        Task ended = Task.WhenAny(run, stopped);
        for (bool open = false; await _sync.RunAsync(link, ended, open).ConfigureAwait(false); open = true)
        {
            if (!open)
            {
                outbox.Open();
                Set(MqttConnectionStatus.Connected, state.State.Error);
                Log.Connected(logger, options.ClientId, _dialer.Target, _sessionPresent, link.KeepAliveInterval);
                _first.TrySetResult();
                continue;
            }

            await Task.WhenAny(ended, subscriptions.Changed).ConfigureAwait(false);
        }

        await ended.ConfigureAwait(false);
        await served.CancelAsync().ConfigureAwait(false);
    }

    private void Set(MqttConnectionStatus status, MqttException? error) =>
        state.Set(new MqttConnectionState(status, _connections, _sessionPresent, error));
}
