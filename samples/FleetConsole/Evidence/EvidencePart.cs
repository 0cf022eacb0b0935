using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>A file of a bundle, read line by line while it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Lines">Its lines; cancelled as the collecting is.</param>
internal sealed record EvidencePart(string Name, EvidenceKind Kind, IAsyncEnumerable<string> Lines);
