namespace IotOps.Emulator.Mqtt.Packets;

/// <param name="Filter">Topic filter.</param>
/// <param name="QoS">The highest to deliver with.</param>
/// <param name="NoLocal">Not the client's own messages.</param>
/// <param name="RetainAsPublished">Keep the publisher's retain flag.</param>
/// <param name="RetainHandling">0 sends retained messages, 1 only for a new subscription, 2 never.</param>
internal sealed record SubscriptionRequest(
    string Filter, byte QoS, bool NoLocal = false, bool RetainAsPublished = false, byte RetainHandling = 0);
