namespace IotOps.Logs.Files;

/// <summary>What a name leads to. Only regular files are tailed: a FIFO would block, a device has no end.</summary>
internal enum FileKind
{
    Missing,
    Regular,
    Directory,
    Symlink,
    Other,

    /// <summary>The system could not be asked: a bad disk, a stale handle of NFS, a directory that may not be entered.</summary>
    Unknown,

    /// <summary>A link in the path is not followed: somebody else may have put it there.</summary>
    Refused,
}
