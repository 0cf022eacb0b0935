namespace IotOps.Fleet;

/// <summary>What became of a <see cref="DirectMessage"/>.</summary>
public enum DirectMessageOutcome
{
    /// <summary>AWS IoT sent it with QoS 0; whether it arrived nobody knows.</summary>
    Sent,

    /// <summary>The client's PUBACK came. A client that takes no such message may send one all the same: its own policy decides (<c>MqttUnmatchedPolicy</c>).</summary>
    Confirmed,

    /// <summary>No client with that id is connected; nothing was sent and nothing waits for it.</summary>
    NotConnected,

    /// <summary>No PUBACK came in time, or the client refused; the message may have arrived.</summary>
    Unconfirmed,
}
