namespace IotOps.Detect;

/// <summary>A file of an evidence bundle.</summary>
/// <param name="Name">Its name in the zip.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Their SHA-256, in 64 lower-case hexadecimal digits.</param>
public sealed record EvidenceFile(string Name, EvidenceKind Kind, long Length, string Sha256);
