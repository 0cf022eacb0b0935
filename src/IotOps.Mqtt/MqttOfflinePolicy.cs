namespace IotOps.Mqtt;

/// <summary>
/// What becomes of a publication while the connection is down. Whatever waits is bounded by <see cref="MqttConnectionOptions.QueueLimitBytes"/>:
/// a publication that does not fit fails at once. A message that the broker may already have is sent again with its packet id when the
/// broker kept the session, whatever the policy.
/// </summary>
public enum MqttOfflinePolicy
{
    /// <summary>QoS 1 waits, in order; QoS 0 fails at once. When the broker lost the session, what it had not acknowledged is sent anew, first.</summary>
    KeepQoS1,

    /// <summary>Everything fails at once; so does what was not acknowledged when the broker turns out to have lost the session.</summary>
    Fail,

    /// <summary>
    /// QoS 0 and QoS 1 wait, the newest of each topic: an older one that waits fails as superseded. For states, of which only the last counts.
    /// </summary>
    KeepNewestPerTopic,
}
