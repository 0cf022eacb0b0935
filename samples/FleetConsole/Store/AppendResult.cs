namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What became of a batch.</summary>
/// <param name="Added">Items that were new.</param>
/// <param name="Repeated">Items that were known already, or are older than what is known.</param>
/// <param name="Refused">Why items were not kept, a sentence each, the first hundred of them.</param>
public sealed record AppendResult(int Added, int Repeated, IReadOnlyList<string> Refused);
