namespace IotOps.Detect;

/// <summary>What an evidence bundle has, in its order: <c>manifest.json</c> of the zip.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="CreatedAt">When the bundle was begun.</param>
/// <param name="Files">Its files.</param>
public sealed record EvidenceManifest(string Incident, DateTimeOffset CreatedAt, IReadOnlyList<EvidenceFile> Files)
{
    /// <summary>The version of the bundle's layout: 1.</summary>
    public int Version { get; init; } = 1;
}
