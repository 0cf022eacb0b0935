namespace IotOps.Emulator;

/// <summary>An event of a <see cref="LogSubscriptionDelivery"/>.</summary>
/// <param name="Id">The event's id; empty in a control message.</param>
/// <param name="Timestamp">Its own time.</param>
/// <param name="Message">Its text.</param>
public sealed record LogSubscriptionEvent(string Id, DateTimeOffset Timestamp, string Message);
