namespace IotOps.Detect;

/// <summary>Whether a quarantine may begin.</summary>
public enum QuarantineStart
{
    /// <summary>Its first entry is written.</summary>
    Written,

    /// <summary>The violation has a quarantine already; nothing was written.</summary>
    Exists,

    /// <summary>As many began within the hour as may; nothing was written.</summary>
    LimitReached,
}
