namespace IotOps.Detect;

/// <summary>A step and how far it is.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When that was; null while it waits.</param>
/// <param name="Note">The error, or how the state was found; null for neither.</param>
/// <param name="IsUndoable">Whether undoing the quarantine would make its inverse call.</param>
public sealed record QuarantineStepStatus(QuarantineStep Step, QuarantineStepState State, DateTimeOffset? At, string? Note, bool IsUndoable)
{
    /// <summary>
    /// The number of the later step on the same target that has to be undone before this one is undone on its own; null when none has to, or
    /// when it cannot be undone.
    /// </summary>
    public int? UndoAfter { get; init; }
}
