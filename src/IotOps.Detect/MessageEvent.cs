namespace IotOps.Detect;

/// <summary>A message that the device published, or that was published to it.</summary>
/// <param name="IsReceived">True for one that was published to the device.</param>
/// <param name="Bytes">Bytes of its payload.</param>
/// <param name="Id">AWS IoT's trace id, the same when it comes twice.</param>
/// <param name="Time">When AWS IoT received it.</param>
public sealed record MessageEvent(bool IsReceived, long Bytes, string Id, DateTimeOffset Time) : DetectEvent(Time);
