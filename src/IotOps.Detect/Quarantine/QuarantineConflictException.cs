namespace IotOps.Detect.Quarantine;

/// <summary>Another run is at work on the same quarantine; this one ends.</summary>
internal sealed class QuarantineConflictException() : Exception("Another run is at work on this quarantine. Wait until it has ended, then look at its status.");
