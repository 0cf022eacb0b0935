namespace IotOps.Mqtt;

/// <summary>
/// A message from the broker. Dispose it when it has been dealt with: that returns its memory and acknowledges QoS 1. A message that is
/// never disposed is never acknowledged, so the broker sends it again to the next session.
/// </summary>
/// <param name="topic">Where it was published.</param>
/// <param name="payload">Valid until disposal.</param>
/// <param name="qos">The QoS it was delivered with.</param>
/// <param name="owner">Told once, at disposal; null when nobody needs to know.</param>
public sealed class MqttReceivedMessage(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, IDisposable? owner = null) : IDisposable
{
    private IDisposable? _owner = owner;

    /// <summary>Where it was published.</summary>
    public string Topic { get; } = topic;

    /// <summary>The message; its memory is only valid until disposal.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; } = payload;

    /// <summary>The QoS it was delivered with.</summary>
    public MqttQualityOfService QualityOfService { get; } = qos;

    /// <summary>The broker kept this message for new subscribers; it may be old.</summary>
    public bool Retain { get; init; }

    /// <summary>The broker says it sent this before. AWS IoT Core may repeat a message without saying so.</summary>
    public bool Duplicate { get; init; }

    /// <summary>What MQTT 5 said beside the payload; null when it said nothing.</summary>
    public MqttPublishOptions? Properties { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Payload = default;
        Interlocked.Exchange(ref _owner, null)?.Dispose();
    }
}
