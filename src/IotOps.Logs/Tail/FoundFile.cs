using IotOps.Logs.Files;

namespace IotOps.Logs.Tail;

/// <summary>A regular file that a walk came across.</summary>
internal readonly record struct FoundFile(string Path, FileStat Stat, FileGroup? Group);
