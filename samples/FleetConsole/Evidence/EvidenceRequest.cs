using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>What a bundle is of.</summary>
/// <param name="Incident">The incident's name, for the manifest.</param>
/// <param name="Thing">The device.</param>
/// <param name="Range">The time that it is about.</param>
internal sealed record EvidenceRequest(string Incident, string Thing, TimeRange Range);
