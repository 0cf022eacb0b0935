namespace IotOps.Logs.Spool;

/// <summary>One file of the spool: events of one log stream, at most one request's worth. Its state is guarded by the <see cref="LogSpool"/>.</summary>
internal sealed class SpoolSegment
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Position in the order in which segments were begun, over all streams.</summary>
    public required long Sequence { get; init; }

    /// <summary>Where the events go. Its file says where they went when it was written.</summary>
    public required LogDestination Destination { get; set; }

    /// <summary>What the events cover of files; empty for events that never had a file.</summary>
    public required IReadOnlyList<SourcePosition> Positions { get; init; }

    /// <summary>Bytes of the file up to the last whole record.</summary>
    public long Length { get; set; }

    /// <summary>Events in it.</summary>
    public int Count { get; set; }

    /// <summary>Its size as the service counts it.</summary>
    public int ServiceBytes { get; set; }

    /// <summary>When the first event came, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FirstAt { get; set; }

    /// <summary>It was forced through to the disk.</summary>
    public bool Flushed { get; set; }

    /// <summary>A lane sends it now, so it stays whatever the limit says.</summary>
    public bool Taken { get; set; }

    /// <summary>It went, by the limit or after it was accepted.</summary>
    public bool Gone { get; set; }
}
