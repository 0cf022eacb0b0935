namespace IotOps.Detect;

/// <summary>What a file of an evidence bundle is.</summary>
public enum EvidenceKind
{
    /// <summary>Lines of a log as they were written.</summary>
    Logs,

    /// <summary>Records of CloudTrail, as the trail has them.</summary>
    Trail,

    /// <summary>What the trail's digests say about its files.</summary>
    TrailVerdicts,

    /// <summary>Lifecycle events of clients.</summary>
    Lifecycle,

    /// <summary>Device Defender reports.</summary>
    Reports,

    /// <summary>A quarantine's plan.</summary>
    Plan,

    /// <summary>A quarantine's journal.</summary>
    Journal,

    /// <summary>Anything else.</summary>
    Other,
}
