namespace IotOps.Logs.Tail;

/// <summary>Where a source stands.</summary>
internal enum FileState
{
    /// <summary>Seen, nothing read: empty, or not yet compared with the others and put into the checkpoint.</summary>
    New,

    /// <summary>Equal so far to another file's content, probably its copy; read only when it becomes different.</summary>
    Held,

    /// <summary>Read, at its path.</summary>
    Tailed,

    /// <summary>Its name is gone, an open handle is left.</summary>
    Detached,

    /// <summary>Its content is gone but for what was seen of its last event.</summary>
    Remembered,

    /// <summary>Not where it was, or selected by no pattern, and not known to be deleted: its position is kept for the day it is back.</summary>
    Absent,

    /// <summary>Nothing is left to read.</summary>
    Gone,
}
