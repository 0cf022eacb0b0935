namespace IotOps.Detect.Evidence;

/// <summary>The names that a bundle has for itself, at its end.</summary>
internal static class EvidenceLayout
{
    public const string Manifest = "manifest.json";

    /// <summary>Holds the manifest's hash as sha256sum writes it.</summary>
    public const string ManifestHash = "manifest.json.sha256";

    public static string Line(string hash) => $"{hash}  {Manifest}\n";

    /// <summary>Where the files of a kind lie.</summary>
    public static string Folder(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Logs => "logs",
        EvidenceKind.Trail => "trail",
        EvidenceKind.TrailVerdicts => "trail-verdicts",
        EvidenceKind.Lifecycle => "lifecycle",
        EvidenceKind.Reports => "reports",
        EvidenceKind.Plan => "plan",
        EvidenceKind.Journal => "journal",
        _ => "other",
    };
}
