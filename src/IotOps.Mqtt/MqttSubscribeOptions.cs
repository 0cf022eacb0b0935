namespace IotOps.Mqtt;

/// <summary>How a subscription receives.</summary>
public sealed record MqttSubscribeOptions
{
    /// <summary>The highest QoS wanted. <see cref="MqttQualityOfService.AtLeastOnce"/> by default.</summary>
    public MqttQualityOfService QualityOfService { get; init; } = MqttQualityOfService.AtLeastOnce;

    /// <summary>
    /// Messages that may wait unread. QoS 0 beyond it: the oldest waiting QoS 0 message is dropped and counted. QoS 1 is never dropped: the
    /// broker sends no more than the receive maximum before it is acknowledged. 256 by default.
    /// </summary>
    public int Capacity { get; init; } = 256;

    /// <summary>
    /// MQTT 5: the broker does not send back what this connection published. Where the broker has no subscription identifiers, what another
    /// subscription of this connection that overlaps gets back comes here too.
    /// </summary>
    public bool NoLocal { get; init; }
}
