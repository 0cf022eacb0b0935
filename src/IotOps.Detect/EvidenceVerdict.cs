namespace IotOps.Detect;

/// <summary>Whether an evidence bundle is what its manifest says.</summary>
/// <param name="Manifest">Its manifest; null when it cannot be read.</param>
/// <param name="Seal">The bundle's hashes as they are; <see cref="EvidenceSeal.ManifestSha256"/> is empty without a manifest.</param>
/// <param name="Problems">What is wrong, in the order in which it was found.</param>
public sealed record EvidenceVerdict(EvidenceManifest? Manifest, EvidenceSeal Seal, IReadOnlyList<EvidenceProblem> Problems)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => Problems.Count == 0;
}
