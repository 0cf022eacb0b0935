using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using IotOps.Mqtt.Sessions;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>
/// <see cref="IMqttConnection"/> over an application's own MQTTnet client (version 5). It connects the client and keeps it connected until
/// disposed; nobody else may connect or disconnect it meanwhile. Publishing and subscribing beside it, through the client itself, works, without
/// what this class adds. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// It adds what MQTTnet lacks: a window of QoS 1 publications, which are sent again, first and in order, after a reconnect; no packet id twice in
/// flight; subscriptions that are made again before anything else is sent; bounded channels, whose messages are acknowledged in order when they are
/// disposed; a keep-alive on the monotonic clock, with the broker's own interval; reconnecting with full jitter.
/// </para>
/// <para>
/// What it cannot mend, because MQTTnet hands out packet ids itself: a publication that is sent again has a new one. The client's options are used
/// as they are: with CleanSession every reconnect begins without a session.
/// </para>
/// </remarks>
public sealed class MqttNetConnection : IMqttConnection, IAsyncDisposable
{
    private readonly object _lock = new();
    private readonly IMqttClient _client;
    private readonly MqttConnectionOptions _options;
    private readonly MqttCounters _counters = new();
    private readonly Outbox _outbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly StateSignal _state = new();
    private readonly ConnectionLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private Task? _run;
    private Task? _disposal;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ConnectAsync"/>.</summary>
    /// <param name="client">Not connected. It stays the caller's, who disposes it after this.</param>
    /// <param name="clientOptions">Where the client connects to and how: MQTT 5 or 3.1.1, with a client id, without packet fragmentation.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">An option cannot work.</exception>
    public MqttNetConnection(IMqttClient client, MqttClientOptions clientOptions, MqttNetConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(clientOptions);
        options ??= new MqttNetConnectionOptions();
        _client = client;
        _options = OptionsCheck.Checked(clientOptions, options);
        _outbox = new Outbox(_options, _counters);
        _subscriptions = new SubscriptionTable(_options, _counters);
        var backoff = new ReconnectBackoff(_options, options.Jitter);
        _loop = new ConnectionLoop(
            client, clientOptions, _options, _outbox, _subscriptions, backoff, _state, _counters, options.LoggerFactory.CreateLogger<MqttNetConnection>());
    }

    /// <inheritdoc/>
    public string ClientId => _options.ClientId;

    /// <inheritdoc/>
    public MqttConnectionState State => _state.State;

    /// <summary>Publications that wait to be sent.</summary>
    public int Queued => _outbox.Queued;

    /// <summary>QoS 1 publications sent and not acknowledged.</summary>
    public int InFlight => _outbox.InFlight;

    /// <summary>
    /// Connects, and returns when the broker has accepted. An attempt that fails is repeated; only a refusal that no retry mends ends it: wrong
    /// protocol version, client id, user name or password, not authorised.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the connection goes on trying until it is disposed.</param>
    /// <exception cref="MqttException">The broker refused for good; the connection is closed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else connected the client.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            if (_run is null && _client.IsConnected)
            {
                throw new InvalidOperationException("The MQTTnet client is connected already. Hand it over unconnected: this connection connects it, and again when it is lost.");
            }

            _run ??= Task.Run(() => _loop.RunAsync(_stop.Token), CancellationToken.None);
        }

        return _loop.First.WaitAsync(cancellationToken);
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
        CancellationToken cancellationToken = default) =>
        _outbox.PublishAsync(topic, payload, qos, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters,
        MqttSubscribeOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _subscriptions.SubscribeAsync(topicFilters, options, cancellationToken);

    /// <summary>
    /// Takes no more publications, waits <see cref="MqttNetConnectionOptions.CloseTimeout"/> at most for those under way, and disconnects the
    /// client, which it does not dispose. What is then unfinished fails with an <see cref="MqttException"/>.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposal ??= DisposeOnceAsync();
            return new ValueTask(_disposal);
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
        _loop.Dispose();
        _outbox.Dispose();
        _counters.Dispose();
        _stop.Dispose();
    }
}
