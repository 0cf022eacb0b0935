namespace IotOps.Logs.Tail;

/// <summary>One event read from a file, and where in the file it ends.</summary>
internal readonly ref struct TailedEvent
{
    /// <summary>Which file, in the checkpoint's numbering: stable over restarts.</summary>
    public required long SourceId { get; init; }

    /// <summary>Offset of the first byte behind the event, its line end included: where to go on once this one is accepted.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Time parsed from the event, milliseconds since 1970 UTC; <see cref="NoTimestamp"/> when the arrival time is to be used.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Valid UTF-8, never empty, at most the event limit.</summary>
    public required ReadOnlySpan<byte> Message { get; init; }

    /// <summary>The journal's own name for the place at its end; null for files.</summary>
    public string? Cursor { get; init; }

    /// <summary>No time was parsed.</summary>
    public const long NoTimestamp = long.MinValue;
}
