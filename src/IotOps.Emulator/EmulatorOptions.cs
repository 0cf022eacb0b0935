namespace IotOps.Emulator;

/// <summary>What an emulator listens on and whom it lets in.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Loopback port of the HTTP endpoint that serves every service; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where data is kept over restarts; null keeps it in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Clock of timestamps, signature checks and expiries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
