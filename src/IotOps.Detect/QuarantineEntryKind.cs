namespace IotOps.Detect;

/// <summary>What happened to a quarantine.</summary>
public enum QuarantineEntryKind
{
    /// <summary>It began; the entry has the plan.</summary>
    Started,

    /// <summary>A call is about to be made.</summary>
    StepBegun,

    /// <summary>The call took effect.</summary>
    StepDone,

    /// <summary>The call was refused, or could not be made; it may have taken effect.</summary>
    StepFailed,

    /// <summary>Everything that can be undone is done.</summary>
    Held,

    /// <summary>Somebody approved that the certificates are revoked.</summary>
    Approved,

    /// <summary>The certificates are revoked.</summary>
    Revoked,

    /// <summary>It is being undone; an entry with a step says that this step alone is.</summary>
    UndoStarted,

    /// <summary>The inverse of a call is about to be made.</summary>
    UndoBegun,

    /// <summary>The inverse took effect, or there was nothing to undo.</summary>
    UndoDone,

    /// <summary>The inverse was refused, or could not be made.</summary>
    UndoFailed,

    /// <summary>It is undone.</summary>
    Undone,
}
