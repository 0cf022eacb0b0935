namespace IotOps.Samples.Simulation;

/// <summary>What a device does next.</summary>
internal enum SimulatedStep
{
    Connect = 0,
    Lose = 1,
    Measure = 2,
    Report = 3,
    OutageLose = 4,

    /// <summary>Somebody tries to be the device.</summary>
    Try = 5,

    /// <summary>Somebody is the device.</summary>
    Take = 6,

    /// <summary>Whoever took it publishes what it may not.</summary>
    Intrude = 7,
}
