namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who found something.</summary>
public enum FindingSource
{
    /// <summary>Device Defender Audit.</summary>
    Audit = 0,

    /// <summary>Device Defender Detect, or a DetectWorker.</summary>
    Detect = 1,

    /// <summary>The console, from lifecycle events.</summary>
    Connectivity = 2,
}
