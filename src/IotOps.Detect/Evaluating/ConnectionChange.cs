namespace IotOps.Detect.Evaluating;

/// <summary>A client connected or disconnected.</summary>
/// <param name="Time">When, in milliseconds.</param>
/// <param name="Version">The connection's number.</param>
/// <param name="IsConnect">Which of the two.</param>
internal readonly record struct ConnectionChange(long Time, long Version, bool IsConnect);
