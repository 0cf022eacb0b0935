namespace IotOps.Mqtt;

/// <summary>
/// One device's MQTT connection, as the packages above it see it: it publishes, it subscribes, and it tells when the broker came back.
/// Whoever made the connection connects, reconnects and disposes it. All members may be called from any thread.
/// </summary>
public interface IMqttConnection
{
    /// <summary>The client id the broker knows this connection by; AWS IoT policies usually want the thing name here.</summary>
    string ClientId { get; }

    /// <summary>How the connection is now.</summary>
    MqttConnectionState State { get; }

    /// <summary>Waits until the state is another than the one seen, and returns the newest; states between the two are not kept.</summary>
    /// <param name="seen">The state the caller acted on last; <see cref="MqttConnectionState.Initial"/> to begin with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default);

    /// <summary>
    /// Publishes a message. QoS 0 completes when the bytes are with the operating system, QoS 1 on the broker's PUBACK. The payload must stay
    /// unchanged until then. While the connection is down, its offline policy decides whether the message waits or fails at once.
    /// </summary>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">The message.</param>
    /// <param name="qos">QoS 2 is not offered: AWS IoT Core has none.</param>
    /// <param name="options">What MQTT 5 can say beside the payload; null for nothing.</param>
    /// <param name="cancellationToken">
    /// Gives up waiting, and the message is not sent again; one that was already handed to the broker may still arrive.
    /// </param>
    /// <exception cref="MqttException">
    /// The broker refused, or ended one connection after the other on this message; a limit does not allow it, or the offline policy failed it.
    /// </exception>
    ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce,
        MqttPublishOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes, and completes on the broker's SUBACK; while the connection is down it waits for the next one. The subscription then
    /// outlives reconnects: a lost session is subscribed again before anything that waits is published. A broker of MQTT 5 may send a copy of a
    /// message for each subscription that overlaps: each gets its own, where the broker has subscription identifiers.
    /// </summary>
    /// <param name="topicFilters">One or more filters, with <c>+</c> and <c>#</c>; all feed the one channel.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up; nothing stays subscribed.</param>
    /// <exception cref="MqttException">
    /// The broker refused a filter, or ended one connection after the other on it, or a limit does not allow it; no filter stays subscribed.
    /// </exception>
    ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters,
        MqttSubscribeOptions? options = null,
        CancellationToken cancellationToken = default);
}
