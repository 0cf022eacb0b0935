using IotOps.Fleet;

namespace IotOps.Detect;

/// <summary>An entry of the AWS IoT logs about the device's client.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Id">What the same entry has again when it comes twice, such as a hash of its line.</param>
/// <param name="Time">When it was logged.</param>
public sealed record LogEvent(IotLogEntry Entry, string Id, DateTimeOffset Time) : DetectEvent(Time);
