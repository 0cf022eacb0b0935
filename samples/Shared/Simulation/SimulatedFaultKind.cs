namespace IotOps.Samples.Simulation;

/// <summary>What goes wrong with simulated devices.</summary>
public enum SimulatedFaultKind
{
    /// <summary>A device with a bad radio: it loses its connection every few seconds and comes back.</summary>
    Flapping = 0,

    /// <summary>A sensor that moves away from the truth, a little more each hour.</summary>
    Drift = 1,

    /// <summary>Somebody else connects as the device: refused attempts, then another certificate, address, port and destination, and much traffic.</summary>
    Compromised = 2,

    /// <summary>All devices of a region are lost at once, and refused for a while when they come back together.</summary>
    RegionalOutage = 3,

    /// <summary>A device that somebody uses to look for others: it tries the ports of many addresses, and sends little.</summary>
    Scanning = 4,
}
