using IotOps.Logs.Files;

namespace IotOps.Logs.Checkpoints;

/// <summary>What the checkpoint remembers of one file.</summary>
internal sealed record CheckpointEntry
{
    /// <summary>Never given twice in one state directory.</summary>
    public required long Id { get; init; }

    /// <summary>The <see cref="LogFileOptions.Path"/> that found the file.</summary>
    public required string Pattern { get; init; }

    /// <summary>Where it was last seen.</summary>
    public required string Path { get; init; }

    /// <summary>What the path led to, when it is a symbolic link.</summary>
    public string? Target { get; init; }

    /// <summary>The path it was found under, whose name its stream may carry; null in checkpoints that did not keep it.</summary>
    public string? FoundAs { get; init; }

    /// <summary>When it was first seen, milliseconds since 1970; the day its stream may carry.</summary>
    public long FirstSeenMs { get; init; }

    /// <summary>Since when it is not where it was, or no pattern selects it, milliseconds since 1970; 0 while it is there.</summary>
    public long AbsentSinceMs { get; init; }

    public required FileIdentity Identity { get; init; }

    /// <summary>The name it was found under belongs to another file by now, so that its last line may be final without an end.</summary>
    public bool IsRotated { get; init; }

    public required Fingerprint Head { get; init; }

    /// <summary>First byte not yet accepted.</summary>
    public required long Offset { get; init; }

    /// <summary>At or before <see cref="Offset"/>.</summary>
    public WindowMark Mark { get; init; }

    /// <summary>The file's own time when it was last read: a copy of what it held then is not older.</summary>
    public long ModifiedNs { get; init; }

    /// <summary>The last time that was read in its text up to <see cref="Offset"/>, milliseconds since 1970; null without one.</summary>
    public long? Time { get; init; }

    /// <summary>The journal's own name for <see cref="Offset"/>; null for files, and before its first entry.</summary>
    public string? Cursor { get; init; }

    public required LogDestination Destination { get; init; }
}
