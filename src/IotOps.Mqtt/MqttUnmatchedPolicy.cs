namespace IotOps.Mqtt;

/// <summary>
/// What becomes of a QoS 1 message that no subscription and no listener of the connection takes, such as one that was sent directly to this
/// client (https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html). Such messages are counted and logged in any case.
/// </summary>
public enum MqttUnmatchedPolicy
{
    /// <summary>It is acknowledged and dropped. Who sent it directly is told that it was delivered.</summary>
    Acknowledge,

    /// <summary>
    /// It is refused, so that its sender knows: MQTT 5 answers <see cref="MqttReasonCode.ImplementationSpecificError"/>, upon which a broker does
    /// not send it again; what AWS IoT Core tells the sender then is not documented. MQTT 3.1.1 sends no PUBACK, for at most ten messages of a
    /// connection, because each keeps a place in the broker's window; the sender's time-out ends, and the message may come again at the next connection of
    /// a kept session. Listen and subscribe before connecting: what a kept session held for a subscription that is not made yet is refused too.
    /// </summary>
    Refuse,
}
