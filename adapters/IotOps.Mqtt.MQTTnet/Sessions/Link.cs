using System.Buffers;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotOps.Mqtt.Sessions;

/// <summary>
/// One connection of the client: sends what the outbox holds, passes on what comes, keeps alive, and ends once, with a reason. It is there before
/// the attempt to connect, because messages may come before the client says that it is connected.
/// </summary>
internal sealed class Link : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly IMqttClient _client;
    private readonly MqttConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly long _number;
    private readonly Outbox _outbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly MqttCounters _counters;
    private readonly AcknowledgementQueue _acknowledgements;
    private readonly Dictionary<ushort, string> _aliases = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource<LinkEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests = 1;
    private LinkTerms? _terms;
    private long _sentAt;
    private long _receivedAt;
    private long _received;

    public Link(IMqttClient client, MqttConnectionOptions options, long number, Outbox outbox, SubscriptionTable subscriptions, MqttCounters counters)
    {
        _client = client;
        _options = options;
        _time = options.TimeProvider;
        _number = number;
        _outbox = outbox;
        _subscriptions = subscriptions;
        _counters = counters;
        _acknowledgements = new AcknowledgementQueue(options.ReceiveMaximum, AcknowledgeAsync);
    }

    /// <summary>Ends with the connection.</summary>
    public Task<LinkEnd> Ended => _ended.Task;

    /// <summary>Sends and keeps alive until the connection ends; ends when nothing of it is running any more.</summary>
    public async Task RunAsync(LinkTerms terms)
    {
        Sent();
        Received();
        Volatile.Write(ref _terms, terms);
        if (!_client.IsConnected)
        {
            End(new MqttException("The connection ended right after the broker accepted it.") { IsTransient = true }, byBroker: true);
        }

        Task sending = SendAsync();
        Task keepAlive = KeepAliveAsync(terms.KeepAlive);
        LinkEnd end = await Ended.ConfigureAwait(false);
        await DisconnectAsync(end).ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(sending, keepAlive, _acknowledgements.CloseAsync()).ConfigureAwait(false);
        Settled();
        await _quiet.Task.ConfigureAwait(false);
    }

    /// <summary>The first reason stays.</summary>
    public void End(MqttException error, bool byBroker = false) => _ended.TrySetResult(new LinkEnd(error, byBroker));

    /// <summary>A message came. MQTTnet calls this for one at a time.</summary>
    public void Receive(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        Received();
        MqttApplicationMessage message = received.ApplicationMessage;
        bool qos1 = message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        var delivery = new Delivery(message.Payload.IsSingleSegment ? message.Payload.FirstSpan : message.Payload.ToArray(), received.PacketIdentifier, qos1 ? _acknowledgements : null);
        if (qos1 && !_acknowledgements.TryAdd(delivery, received))
        {
            End(new MqttException($"The broker sent more than {_options.ReceiveMaximum} QoS 1 messages that were not disposed yet (ReceiveMaximum). Dispose messages sooner, or raise it; the broker sends them again.")
            {
                Reason = MqttReasonCode.ReceiveMaximumExceeded,
                IsTransient = true,
            });
            return;
        }

        _counters.Received();
        var packet = new PublishPacket
        {
            QualityOfService = qos1 ? MqttQualityOfService.AtLeastOnce : MqttQualityOfService.AtMostOnce,
            Duplicate = message.Dup,
            Retain = message.Retain,
            Properties = ApplicationMessages.PropertiesOf(message),
        };
        if (!_subscriptions.Dispatch(Topic(message), packet, delivery, _number))
        {
            _counters.Unmatched();
        }

        // This method's own share: a message that nobody wants is acknowledged now.
        delivery.Dispose();
    }

    /// <summary>The client says that it is not connected any more.</summary>
    public void Disconnected(MqttClientDisconnectedEventArgs args)
    {
        // Late word of an attempt before this connection.
        if (_client.IsConnected || Volatile.Read(ref _terms) is null)
        {
            return;
        }

        // The client keeps the reason of its last DISCONNECT for ever; with an exception it is not this connection's.
        End(
            args.Exception is null && (int)args.Reason >= 0x80
                ? ClientErrors.Ended((MqttReasonCode)args.Reason, args.ReasonString)
                : args.Exception is { } error ? ClientErrors.Lost(error) : new MqttException("The broker closed the connection.") { IsTransient = true },
            byBroker: true);
        _gone.TrySetResult();
    }

    /// <summary>Subscribes; a reason for each filter, null when the link ended before.</summary>
    public async Task<byte[]?> SubscribeAsync(TopicSubscription[] topics)
    {
        _outbox.CountId();
        byte[]? reasons = null;
        bool done = await RequestAsync(
            async token =>
            {
                MqttClientSubscribeResult result = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [.. topics.Select(Filter)] }, token).ConfigureAwait(false);
                reasons = [.. result.Items.Select(item => (byte)item.ResultCode)];
            },
            _ => reasons = [.. topics.Select(_ => (byte)MqttReasonCode.TopicFilterInvalid)]).ConfigureAwait(false);
        return done ? reasons : null;
    }

    /// <summary>Unsubscribes; false when the link ended before.</summary>
    public Task<bool> UnsubscribeAsync(string[] filters)
    {
        _outbox.CountId();
        return RequestAsync(token => _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [.. filters] }, token), refused: null);
    }

    public void Dispose() => _stopped.Dispose();

    private async Task SendAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            if (!_outbox.TryTake(out PublishOperation? operation, out bool again, out Task changed))
            {
                await changed.WaitAsync(_stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            Task publishing = PublishAsync(operation, again);

            // QoS 0 is done when it is written: the next waits for that, so that nothing piles up in the client.
            if (!operation.IsQoS1)
            {
                await publishing.ConfigureAwait(false);
            }
        }
    }

    // Never fails. What the connection's end interrupts stays with the outbox when it is QoS 1.
    private async Task PublishAsync(PublishOperation operation, bool again)
    {
        bool isQoS1 = operation.IsQoS1;
        string topic = operation.Topic;
        MqttException? error = null;
        bool answered = await RequestAsync(
            async token =>
            {
                MqttApplicationMessage message = ApplicationMessages.Of(operation, again, _options.ProtocolVersion);
                MqttClientPublishResult result = await _client.PublishAsync(message, token).ConfigureAwait(false);
                error = result.ReasonCode < MqttClientPublishReasonCode.UnspecifiedError ? null
                    : Refused(topic, (MqttReasonCode)result.ReasonCode, result.ReasonString);
            },
            e => error = new MqttException($"MQTTnet does not take the publication to '{topic}': {e.Message}", e),
            isAnswered: isQoS1).ConfigureAwait(false);
        if (isQoS1)
        {
            if (answered)
            {
                _outbox.Settle(operation, error);
            }
        }
        else if (answered && error is null)
        {
            operation.Complete();
        }
        else
        {
            operation.Fail(error ?? new MqttException($"The publication to '{topic}' may not have been sent: the connection ended.") { IsTransient = true });
        }
    }

    // Runs something that the broker answers. False when the link ended before; what the client refuses itself is not the link's end.
    private async Task<bool> RequestAsync(Func<CancellationToken, Task> request, Action<Exception>? refused, bool isAnswered = true)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            Sent();
            await request(_stopped.Token).ConfigureAwait(false);
            if (isAnswered)
            {
                Received();
            }

            return true;
        }
        catch (Exception e) when (refused is null || ClientErrors.MeansGone(e, _client))
        {
            End(ClientErrors.Lost(e), byBroker: true);
            return false;
        }
        catch (Exception e)
        {
            refused!(e);
            return true;
        }
        finally
        {
            Settled();
        }
    }

    private Task<bool> AcknowledgeAsync(MqttApplicationMessageReceivedEventArgs received) =>
        RequestAsync(received.AcknowledgeAsync, refused: null, isAnswered: false);

    private async Task KeepAliveAsync(TimeSpan interval)
    {
        var keepAlive = new KeepAlive(interval, _options.AcknowledgeTimeout, _time);
        while (!_stopped.IsCancellationRequested)
        {
            KeepAliveStep step = keepAlive.Next(
                Volatile.Read(ref _sentAt), Volatile.Read(ref _receivedAt), Interlocked.Read(ref _received), _outbox.OldestSentAt());
            if (step.Error is { } error)
            {
                End(error);
                return;
            }

            if (step.Ping)
            {
                _ = RequestAsync(_client.PingAsync, refused: null);
            }

            await Task.Delay(step.Wait, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Until the client is ready to be connected again, or a moment is over.
    private async Task DisconnectAsync(LinkEnd end)
    {
        using var timeout = new CancellationTokenSource(Farewell, _time);
        MqttClientDisconnectOptionsReason reason = _options.ProtocolVersion == MqttProtocolVersion.V311 || end.Error is { Reason: null, IsTransient: false }
            ? MqttClientDisconnectOptionsReason.NormalDisconnection
            : end.Error.Reason == MqttReasonCode.ReceiveMaximumExceeded ? MqttClientDisconnectOptionsReason.ReceiveMaximumExceeded
            : MqttClientDisconnectOptionsReason.UnspecifiedError;
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = reason }, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (ClientErrors.MeansGone(e, _client))
        {
            // It was not there to be told.
        }

        await _gone.Task.WaitAsync(_options.CloseTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static MqttException Refused(string topic, MqttReasonCode reason, string? text) =>
        new($"The broker did not accept the publication to '{topic}': {ReasonText.Of(reason, text)}") { Reason = reason, IsTransient = ReasonText.IsTransient(reason) };

    private MqttTopicFilter Filter(TopicSubscription topic) => new()
    {
        Topic = topic.Filter,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)topic.QualityOfService,
        NoLocal = topic.NoLocal && _options.ProtocolVersion == MqttProtocolVersion.V5,
    };

    // The client does not resolve aliases.
    private string Topic(MqttApplicationMessage message)
    {
        if (message.TopicAlias == 0)
        {
            return message.Topic;
        }

        if (!string.IsNullOrEmpty(message.Topic))
        {
            _aliases[message.TopicAlias] = message.Topic;
        }

        return _aliases.GetValueOrDefault(message.TopicAlias, "");
    }

    private void Sent() => Volatile.Write(ref _sentAt, _time.GetTimestamp());

    private void Received()
    {
        Volatile.Write(ref _receivedAt, _time.GetTimestamp());
        Interlocked.Increment(ref _received);
    }

    private void Settled()
    {
        if (Interlocked.Decrement(ref _requests) == 0)
        {
            _quiet.TrySetResult();
        }
    }
}
