namespace IotOps.Fleet;

/// <summary>How bad Device Defender calls a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Nobody said, and the check is not among the known ones.</summary>
    Unknown,

    /// <summary>LOW.</summary>
    Low,

    /// <summary>MEDIUM.</summary>
    Medium,

    /// <summary>HIGH.</summary>
    High,

    /// <summary>CRITICAL.</summary>
    Critical,
}
