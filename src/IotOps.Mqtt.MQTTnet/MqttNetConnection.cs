using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>
/// <see cref="IMqttConnection"/> over an application's own MQTTnet client (version 5). It listens to the client's events and never connects,
/// disconnects or disposes it: who connects again after a loss is the application. Safe for concurrent use, also beside other users of the client.
/// </summary>
/// <remarks>
/// <para>
/// A publication completes on its PUBACK, or throws: at once while the client is not connected, when the connection is lost before the PUBACK,
/// or after <see cref="MqttNetConnectionOptions.AcknowledgeTimeout"/>. Nothing is queued and nothing is sent again; whoever publishes does that.
/// After a failure the message may have arrived.
/// </para>
/// <para>
/// Subscriptions outlive connections: when the broker has no session any more they are made again before the client's ConnectAsync returns. When
/// the broker does not answer that within <see cref="MqttNetConnectionOptions.AcknowledgeTimeout"/>, ConnectAsync throws and the client
/// disconnects, as for any handler of its ConnectedAsync event that throws.
/// </para>
/// <para>
/// A message that a subscription matches is acknowledged when it is disposed: no other handler may acknowledge it. Messages that none matches are
/// left to the application's handlers.
/// </para>
/// </remarks>
public sealed class MqttNetConnection : IMqttConnection, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IMqttClient _client;
    private readonly MqttNetConnectionOptions _options;
    private readonly ClientState _state;
    private readonly SubscriptionTable _subscriptions;
    private readonly Subscriber _subscriber;
    private readonly Publisher _publisher;
    private readonly CancellationTokenSource _stop = new();
    private AcknowledgementQueue _acknowledgements = new();
    private Task? _disposal;

    /// <summary>Begins to listen to the client, which may be connected already.</summary>
    /// <param name="client">Stays the caller's, who disposes it after this.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public MqttNetConnection(IMqttClient client, MqttNetConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _options = options ?? new MqttNetConnectionOptions();
        MqttNetConnectionOptions.Check(_options);
        _client = client;
        _state = new ClientState(client);
        _subscriptions = new SubscriptionTable(client, _options.Limits);
        _subscriber = new Subscriber(client, _options, _subscriptions);
        _publisher = new Publisher(client, _options, _state, _stop.Token);
        client.ConnectingAsync += ConnectingAsync;
        client.ConnectedAsync += ConnectedAsync;
        client.DisconnectedAsync += DisconnectedAsync;
        client.ApplicationMessageReceivedAsync += ReceivedAsync;
        if (client.IsConnected)
        {
            _state.Connected(_state.Accepted(sessionPresent: false));
        }
    }

    /// <summary>The client id in the client's options; empty before its first ConnectAsync.</summary>
    public string ClientId => _client.Options?.ClientId ?? "";

    /// <inheritdoc/>
    public MqttConnectionState State => _state.Current;

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
        PublicationTelemetry.PublishAsync(topic, payload.Length, () => _publisher.PublishAsync(topic, payload, qos, options, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters,
        MqttSubscribeOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _subscriber.SubscribeAsync(topicFilters, options ?? new MqttSubscribeOptions(), cancellationToken);

    /// <summary>
    /// Stops listening: publications under way fail, subscriptions are unsubscribed and end. The client stays connected; it is the caller's again.
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
        _client.ConnectingAsync -= ConnectingAsync;
        _client.ConnectedAsync -= ConnectedAsync;
        _client.DisconnectedAsync -= DisconnectedAsync;
        _client.ApplicationMessageReceivedAsync -= ReceivedAsync;
        _state.Close();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _subscriber.CloseAsync().ConfigureAwait(false);
        await _acknowledgements.CloseAsync().WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ConnectingAsync(MqttClientConnectingEventArgs args)
    {
        // An acknowledgement that began too late would leave over the new connection, where its packet id stands for another message.
        AcknowledgementQueue earlier = Interlocked.Exchange(ref _acknowledgements, new AcknowledgementQueue());
        _state.Connecting();
        await earlier.CloseAsync().WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ConnectedAsync(MqttClientConnectedEventArgs args)
    {
        bool sessionPresent = args.ConnectResult.IsSessionPresent;
        long connection = _state.Accepted(sessionPresent);
        _subscriptions.Accepted(sessionPresent, Volatile.Read(ref _acknowledgements));
        if (await _subscriber.SyncAsync().ConfigureAwait(false) is { } unanswered)
        {
            throw unanswered;
        }

        _state.Connected(connection);
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        _state.Disconnected(ClientErrors.Ended(args));
        return Task.CompletedTask;
    }

    private Task ReceivedAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        _subscriptions.Dispatch(args, Volatile.Read(ref _acknowledgements));
        return Task.CompletedTask;
    }
}
