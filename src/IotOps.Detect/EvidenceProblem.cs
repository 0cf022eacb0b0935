namespace IotOps.Detect;

/// <summary>Something that is wrong with an evidence bundle.</summary>
/// <param name="Kind">What.</param>
/// <param name="File">The file that it concerns; null for the bundle.</param>
/// <param name="Message">What was found and what should be.</param>
public sealed record EvidenceProblem(EvidenceProblemKind Kind, string? File, string Message);
