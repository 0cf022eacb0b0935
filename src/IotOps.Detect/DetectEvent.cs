namespace IotOps.Detect;

/// <summary>Something that was said about a thing, by itself or by AWS IoT. It may come twice, late and in any order.</summary>
/// <param name="Time">When it happened, or when AWS IoT received it.</param>
public abstract record DetectEvent(DateTimeOffset Time);
