namespace IotOps.Detect.Tests.Quarantine;

/// <summary>The process ends here.</summary>
public sealed class KilledException() : Exception("killed");
