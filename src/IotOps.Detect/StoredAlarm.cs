namespace IotOps.Detect;

/// <summary>An alarm's event that waits for its receiver.</summary>
/// <param name="Id">The same whenever the same event is found again, after a crash too.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Json">The event in UTF-8.</param>
public sealed record StoredAlarm(string Id, DateTimeOffset Time, ReadOnlyMemory<byte> Json);
