namespace IotOps.Samples.Simulation;

/// <summary>What is simulated. The same options give the same messages, byte for byte.</summary>
public sealed record FleetSimulationOptions
{
    /// <summary>Devices a region that an outage needs, to be told from devices that come and go.</summary>
    public const int OutageDevices = 10;

    /// <summary>Devices, 1 to 100,000.</summary>
    public int Devices { get; init; } = 100;

    /// <summary>Chooses one simulation of many.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The first moment; null for so long ago that the simulation ends now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>How long it lasts, 1 hour to 31 days.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often a connected device says what it measured, at least a second.</summary>
    public TimeSpan TelemetryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a connected device reports to Device Defender; the service takes one in 5 minutes.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Regions that the devices are spread over, 1 to 9.</summary>
    public int Regions { get; init; } = 3;

    /// <summary>Devices that flap for a tenth of the time, 2 hours at most.</summary>
    public int Flapping { get; init; } = 1;

    /// <summary>Devices whose sensor drifts from a quarter of the time on.</summary>
    public int Drifting { get; init; } = 1;

    /// <summary>Devices that somebody else takes over towards the end.</summary>
    public int Compromised { get; init; } = 1;

    /// <summary>Devices that try the ports of other machines for a tenth of the time, 2 hours at most; none unless set.</summary>
    public int Scanning { get; init; }

    /// <summary>Whether a region is lost, for a twentieth of the time, 30 minutes at most; needs <see cref="OutageDevices"/> devices a region.</summary>
    public bool Outage { get; init; } = true;

    /// <summary>Now, for <see cref="Start"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What cannot be simulated.</summary>
    internal string? Problem =>
        Devices is < 1 or > 100_000 ? $"{Devices} devices cannot be simulated; 1 to 100,000 can"
        : Duration < TimeSpan.FromHours(1) || Duration > TimeSpan.FromDays(31) ? $"{Duration} cannot be simulated; 1 hour to 31 days can"
        : TelemetryInterval < TimeSpan.FromSeconds(1) ? "a device measures at most once a second"
        : ReportInterval < TimeSpan.FromMinutes(5) ? "Device Defender takes a report in 5 minutes"
        : Regions is < 1 or > 9 ? $"{Regions} regions cannot be simulated; 1 to 9 can"
        : Flapping < 0 || Drifting < 0 || Compromised < 0 || Scanning < 0 || (long)Flapping + Drifting + Compromised + Scanning > Devices
            ? $"{Devices} devices cannot have {Flapping} + {Drifting} + {Compromised} + {Scanning} faults"
        : Outage && Devices / Regions < OutageDevices ? $"an outage needs {OutageDevices} devices in each of {Regions} regions, so {OutageDevices * Regions} devices"
        : null;
}
