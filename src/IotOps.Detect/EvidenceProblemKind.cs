namespace IotOps.Detect;

/// <summary>What is wrong with an evidence bundle.</summary>
public enum EvidenceProblemKind
{
    /// <summary>It is not a zip that can be read, or has bytes that belong to nothing.</summary>
    Unreadable,

    /// <summary>It has no manifest, or not the one whose hash it has.</summary>
    ManifestChanged,

    /// <summary>A file's content is not the one of the manifest.</summary>
    FileChanged,

    /// <summary>A file of the manifest is not there.</summary>
    FileMissing,

    /// <summary>A file is there that the manifest has not.</summary>
    FileAdded,

    /// <summary>A file is not in its place.</summary>
    FileMoved,

    /// <summary>It is not the bundle of the seal.</summary>
    NotTheSealed,
}
