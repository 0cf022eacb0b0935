namespace IotOps.Emulator;

/// <summary>What Device Defender accepts.</summary>
public sealed record EmulatedDefenderOptions
{
    /// <summary>A thing's next report is throttled when it comes earlier than this after an accepted one; AWS wants 5 minutes.</summary>
    public TimeSpan MinReportInterval { get; init; } = TimeSpan.FromSeconds(300);
}
