namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A message for one client.</summary>
/// <param name="Message">What.</param>
/// <param name="QoS">The lower of the publisher's and the subscriber's.</param>
/// <param name="Retain">The flag to deliver with.</param>
internal sealed record Delivery(BrokerMessage Message, byte QoS, bool Retain);
