namespace IotOps.Detect;

/// <summary>Where an alarm comes from.</summary>
public enum FleetAlarmKind
{
    /// <summary>A behavior of a security profile: Detect's own alarms, or those that this package evaluates.</summary>
    Detect,

    /// <summary>Something unusual about connections.</summary>
    Connectivity,

    /// <summary>A surge of errors on the timeline.</summary>
    Errors,

    /// <summary>A resource that does not pass a check of Device Defender Audit.</summary>
    Audit,
}
