using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>Publishes through the client: a bounded number at a time, each for a bounded time.</summary>
/// <param name="client">The application's.</param>
/// <param name="options">The window and the time.</param>
/// <param name="state">Tells whether the connection is ready.</param>
/// <param name="stopped">The connection is disposed.</param>
#pragma warning disable CA1001 // A semaphore holds nothing until its wait handle is asked for; publications that were given up still release it.
internal sealed class Publisher(IMqttClient client, MqttNetConnectionOptions options, ClientState state, CancellationToken stopped)
#pragma warning restore CA1001
{
    // MQTTnet counts packet ids up and hands one out again after 65,535 others though it is in flight; a PUBACK then ends the waits of both.
    private const int MostIdsAhead = 60_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _window = new(options.Limits.UnacknowledgedPublishes);
    private long _begun;

    /// <summary>See <see cref="IMqttConnection.PublishAsync"/>.</summary>
    public async ValueTask PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? publish, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        options.Limits.CheckPublication(topic, payload.Length);
        if (qos is not (MqttQualityOfService.AtMostOnce or MqttQualityOfService.AtLeastOnce))
        {
            throw new ArgumentOutOfRangeException(nameof(qos), qos, "Only QoS 0 and QoS 1 are offered.");
        }

        ThrowUnlessConnected(topic);
        using var patience = new CancellationTokenSource(options.AcknowledgeTimeout, options.TimeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, stopped);
        Task<MqttException?>? sending = null;
        try
        {
            sending = await BeginAsync(topic, ApplicationMessages.Of(topic, payload, qos, publish, client.Options), end.Token).ConfigureAwait(false);

            // Only the wait is given up. A token handed to MQTTnet would stop it in the middle of writing a packet: the broker would then take
            // the next packet for the rest of this one.
            if (await sending.WaitAsync(end.Token).ConfigureAwait(false) is { } error)
            {
                throw error;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw stopped.IsCancellationRequested
                ? ClientErrors.Closed()
                : new MqttException(
                    $"The publication to '{topic}' was not {(sending is null ? "sent" : "acknowledged")} within {options.AcknowledgeTimeout.TotalSeconds:0.#} s (AcknowledgeTimeout). "
                    + (sending is null ? $"{options.Limits.UnacknowledgedPublishes} others wait for the broker." : "It may have arrived."))
                { IsTransient = true };
        }
    }

    // Waits for a place in the window. One at a time, so that publications leave in the order in which they were made.
    private async Task<Task<MqttException?>> BeginAsync(string topic, MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
            return SendAsync(topic, message);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Holds its place in the window until MQTTnet is done with the message, also when nobody waits for it any more. It returns errors, which
    // nobody would see otherwise once the wait is given up.
    private async Task<MqttException?> SendAsync(string topic, MqttApplicationMessage message)
    {
        try
        {
            ThrowUnlessConnected(topic);
            long number = Interlocked.Increment(ref _begun);
            MqttClientPublishResult result = await client.PublishAsync(message, CancellationToken.None).ConfigureAwait(false);
            var reason = (MqttReasonCode)result.ReasonCode;
            return Interlocked.Read(ref _begun) - number >= MostIdsAhead
                ? new MqttException($"Whether the publication to '{topic}' was acknowledged is not known: MQTTnet has used its packet id again meanwhile.") { IsTransient = true }
                : reason >= MqttReasonCode.UnspecifiedError ? MqttException.Refused($"The broker did not accept the publication to '{topic}'", reason, result.ReasonString)
                : null;
        }
        catch (MqttException e)
        {
            return e;
        }
        catch (Exception e) when (ClientErrors.MeansLost(e))
        {
            return ClientErrors.Lost($"The publication to '{topic}' was not acknowledged; it may have arrived", e);
        }
        finally
        {
            _window.Release();
        }
    }

    private void ThrowUnlessConnected(string topic)
    {
        MqttConnectionState now = state.Current;
        if (now.Status != MqttConnectionStatus.Connected)
        {
            throw now.Status == MqttConnectionStatus.Closed
                ? ClientErrors.Closed()
                : new MqttException($"The publication to '{topic}' was not sent: the MQTTnet client is not connected, and nothing is queued. Publish again when the state is Connected.", now.Error) { IsTransient = true };
        }
    }
}
