namespace IotOps.Logs.Tail;

/// <summary>How reading a chunk of a file ended.</summary>
internal enum ReadOutcome
{
    /// <summary>At the file's end.</summary>
    AtEnd,

    /// <summary>There is more.</summary>
    More,

    /// <summary>The sink had no room.</summary>
    Blocked,

    /// <summary>The content is not the one that was read up to the position: truncated, or replaced.</summary>
    Broken,

    /// <summary>The path cannot be opened, or leads to another file.</summary>
    CannotOpen,
}
