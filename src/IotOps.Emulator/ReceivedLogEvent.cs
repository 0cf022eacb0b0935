namespace IotOps.Emulator;

/// <summary>A log event that was accepted.</summary>
/// <param name="Timestamp">The event's own time.</param>
/// <param name="Message">Its text.</param>
/// <param name="IngestedAt">When it was accepted, on the emulator's clock.</param>
public sealed record ReceivedLogEvent(DateTimeOffset Timestamp, string Message, DateTimeOffset IngestedAt);
