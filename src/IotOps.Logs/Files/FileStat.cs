namespace IotOps.Logs.Files;

/// <summary>What the system says about a file. Times are nanoseconds since 1970; owner and mode are told by Linux only.</summary>
internal readonly record struct FileStat(
    FileKind Kind, FileIdentity Identity, long Size, long ModifiedNs, long ChangedNs, uint Links, long BornNs = 0,
    uint Owner = 0, ushort Mode = 0)
{
    public bool IsRegular => Kind == FileKind.Regular;

    public bool SameState(in FileStat other) =>
        Size == other.Size && ModifiedNs == other.ModifiedNs && ChangedNs == other.ChangedNs;
}
