namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Whether a finding holds.</summary>
public enum FindingState
{
    /// <summary>It is open, or in alarm.</summary>
    Open = 0,

    /// <summary>It is over.</summary>
    Cleared = 1,

    /// <summary>Somebody suppressed it.</summary>
    Suppressed = 2,
}
