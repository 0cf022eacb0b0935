namespace IotOps.Defender.Linux;

/// <summary>What the system knows of an interface.</summary>
internal enum InterfaceKind
{
    /// <summary>Nothing: its name decides.</summary>
    Unknown,

    /// <summary>It has a device.</summary>
    Hardware,

    /// <summary>There is no device behind it: another interface carries its traffic, unless it is the only one of a container.</summary>
    Virtual,

    /// <summary>A point-to-point link: over a serial line or modem by itself, over Ethernet on another interface.</summary>
    Dialled,
}
