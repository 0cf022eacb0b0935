namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A message that is kept for its topic.</summary>
/// <param name="Message">What.</param>
/// <param name="StoredAt">Since when.</param>
internal sealed record RetainedMessage(BrokerMessage Message, DateTimeOffset StoredAt);
