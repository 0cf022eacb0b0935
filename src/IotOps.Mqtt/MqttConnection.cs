using System.Diagnostics;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using IotOps.Mqtt.Sessions;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt;

/// <summary>
/// A connection to AWS IoT Core or another broker of MQTT 5 or 3.1.1, QoS 0 and QoS 1. It connects again by itself until it is disposed, after
/// a delay that is anything between zero and 1 s, 2 s, 4 s ... 120 s; a connection of 30 s starts the row anew. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// What was sent with QoS 1 and not acknowledged is sent again, first and in order, with its packet id when the broker kept the session. When
/// it did not, subscriptions are made again before anything that waits is sent.
/// </para>
/// <para>
/// Brokers close the connection on what they do not accept, often without a reason. A QoS 1 publication or a subscription that three such
/// connections left unanswered is sent with nothing beside it; when that connection ends too, it fails with an <see cref="MqttException"/>
/// that names it. A reason that can only be its own (not authorised, packet too large, ...) fails it at once when it was alone. Everything
/// else goes before it at each connection.
/// </para>
/// <para>
/// When another connection takes the client id, this one waits 60 to 120 s before it takes it back, and twice as long at each further time, up
/// to an hour; two devices that share a client id by mistake would otherwise throw each other out for ever. MQTT 3.1.1 gives no reason, nor
/// does every broker of MQTT 5: the third connection in a row that the broker ends without a word within 5 s, with nothing in flight, is
/// waited out in the same way; with something in flight, the eighth of which none found a culprit.
/// </para>
/// <para>
/// Of a session that the broker kept, messages may come at once after connecting: call <see cref="SubscribeAsync"/> before
/// <see cref="ConnectAsync"/>, without awaiting it, to have all of them. A message that nobody takes is counted, logged once a topic, and
/// acknowledged or refused (<see cref="MqttConnectionOptions.UnmatchedPolicy"/>).
/// </para>
/// See https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html and https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html.
/// </remarks>
public sealed class MqttConnection : IMqttConnection, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly MqttConnectionOptions _options;
    private readonly MqttCounters _counters;
    private readonly Outbox _outbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly StateSignal _state;
    private readonly ConnectionLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private Task? _run;
    private Task? _disposal;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ConnectAsync"/>.</summary>
    /// <param name="options">Where to, as whom.</param>
    /// <exception cref="ArgumentException">An option cannot work.</exception>
    /// <exception cref="MqttException">A limit does not allow an option.</exception>
    public MqttConnection(MqttConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Check(options);
        _options = options;
        _counters = new MqttCounters(options.ClientId);
        _state = new StateSignal(options.TimeProvider);
        _outbox = new Outbox(options, _counters, () => State);
        _subscriptions = new SubscriptionTable(options, _counters, () => State);
        _loop = new ConnectionLoop(options, _outbox, _subscriptions, _state, _counters, options.LoggerFactory.CreateLogger<MqttConnection>());
    }

    /// <inheritdoc/>
    public string ClientId => _options.ClientId;

    /// <inheritdoc/>
    public MqttConnectionState State => _state.State;

    /// <summary>How long there has been no connection, and why.</summary>
    internal Health Health => _state.Health;

    /// <summary>Publications that wait to be sent.</summary>
    public int Queued => _outbox.Queued;

    /// <summary>QoS 1 publications sent and not acknowledged.</summary>
    public int InFlight => _outbox.InFlight;

    /// <summary>Messages since the start that no subscription and no listener took.</summary>
    public long Unmatched => _counters.UnmatchedMessages;

    /// <summary>
    /// Connects, and returns when the broker has accepted. An attempt that fails is repeated; only an error that no retry mends ends it:
    /// a certificate, key or CA file that is missing or not what it should be, a port that speaks no TLS, a broker whose certificate is not trusted
    /// or is another host's, a proxy that refuses, or the broker's word: wrong protocol version, client id, user name or password, not authorised.
    /// What the clock, the network or a token may mend by itself is retried. Once the broker has accepted, all of it is retried, every 120 s at most.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the connection goes on trying until it is disposed.</param>
    /// <exception cref="MqttException">No retry mends it (<see cref="MqttException.IsTransient"/> is false); the connection is closed.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up; the message and the inner exception say why there is no connection yet.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            _run ??= _loop.Start(_stop.Token);
        }

        return _loop.First.IsCompleted || !cancellationToken.CanBeCanceled ? _loop.First : FirstAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default) =>
        _state.WaitForChangeAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce,
        MqttPublishOptions? options = null,
        CancellationToken cancellationToken = default) => MqttCounters.Source.HasListeners()
            ? TracedAsync(topic, payload, qos, options, cancellationToken)
            : _outbox.PublishAsync(topic, payload, qos, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters,
        MqttSubscribeOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _subscriptions.SubscribeAsync(topicFilters, options, cancellationToken);

    /// <summary>
    /// Takes messages that the broker sends without a subscription, such as those of SendDirectMessage
    /// (https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html). Nothing is said to the broker: no SUBSCRIBE, no place among
    /// <see cref="MqttLimits.Subscriptions"/>. It works from now on and over reconnects, until it is disposed: listen before
    /// <see cref="ConnectAsync"/> to miss nothing.
    /// </summary>
    /// <remarks>
    /// A message that the broker marks as a subscription's goes to that subscription alone. Every other one, as are all of AWS IoT Core's, goes
    /// to each subscription and listener that its topic matches.
    /// </remarks>
    /// <param name="topicFilter">A filter, with <c>+</c> and <c>#</c>; not a shared one.</param>
    /// <param name="capacity">Messages that may wait unread; see <see cref="MqttSubscribeOptions.Capacity"/>.</param>
    /// <exception cref="ArgumentException">MQTT does not allow the filter, or it is shared.</exception>
    /// <exception cref="MqttException">A limit does not allow the filter, or the connection is closed.</exception>
    public IMqttSubscription Listen(string topicFilter, int capacity = 256) => _subscriptions.Listen(topicFilter, capacity);

    /// <summary>
    /// Takes no more publications, waits <see cref="MqttConnectionOptions.CloseTimeout"/> at most for those under way, says goodbye and closes.
    /// What is then unfinished fails with an <see cref="MqttException"/>. The broker keeps the session until it expires.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposal ??= DisposeOnceAsync();
            return new ValueTask(_disposal);
        }
    }

    // Apart, because nobody who does not trace is to pay for it.
    private async ValueTask TracedAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? options, CancellationToken cancellationToken)
    {
        using Activity? span = MqttCounters.Source.StartActivity("mqtt publish", ActivityKind.Producer);
        span?.SetTag("messaging.system", "mqtt").SetTag("messaging.destination.name", topic).SetTag("messaging.message.body.size", payload.Length);
        try
        {
            await _outbox.PublishAsync(topic, payload, qos, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            span.Fail(e.GetType().Name, e.Message);
            throw;
        }
    }

    private async Task FirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _loop.First.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw State.Cancelled($"Connecting client id '{ClientId}'", cancellationToken);
        }
    }

    private async Task DisposeOnceAsync()
    {
        // Off the caller's thread, which holds the lock.
        await Task.Yield();
        _outbox.Refuse(SubscriptionTable.Closed());
        if (State.Status == MqttConnectionStatus.Connected)
        {
            await _outbox.WhenEmpty().WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is { } run)
        {
            await run.ConfigureAwait(false);
        }

        _loop.End(error: null);
        _outbox.Dispose();
        _counters.Dispose();
        _stop.Dispose();
    }
}
