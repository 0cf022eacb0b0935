using IotOps.Defender;

namespace IotOps.Detect;

/// <summary>A report of the device's.</summary>
/// <param name="Report">The report.</param>
/// <param name="Time">When AWS IoT received it.</param>
public sealed record ReportEvent(DefenderReport Report, DateTimeOffset Time) : DetectEvent(Time);
