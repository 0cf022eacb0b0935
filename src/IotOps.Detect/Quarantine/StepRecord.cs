namespace IotOps.Detect.Quarantine;

/// <summary>How far a step is, by the entries about it.</summary>
internal sealed class StepRecord(QuarantineStep step)
{
    private DateTimeOffset? _at;
    private string? _note;

    public QuarantineStep Step { get; } = step;

    public QuarantineStepState State { get; private set; }

    /// <summary>Whether its call may have been made: what is found done is then this quarantine's doing.</summary>
    public bool WasBegun { get; private set; }

    /// <summary>Whether its inverse may have been made.</summary>
    public bool WasUndoBegun { get; private set; }

    /// <summary>Whether somebody asked for it to be undone on its own; why is in that entry.</summary>
    public bool WasUndoAsked { get; private set; }

    /// <summary>Whether it has an inverse. Nothing brings an ended connection back, and revoking is final.</summary>
    public bool HasInverse => Step.Kind is not (QuarantineStepKind.DeleteConnection or QuarantineStepKind.RevokeCertificate);

    /// <summary>Whether its call may be in effect, and its inverse can be made.</summary>
    public bool IsInEffect => HasInverse && WasBegun && State != QuarantineStepState.Undone;

    public void Add(QuarantineEntry entry)
    {
        if (entry.Kind == QuarantineEntryKind.UndoStarted)
        {
            // What was asked for has not happened yet: the step is as it was.
            WasUndoAsked = true;
            return;
        }

        (_at, _note) = (entry.Time, entry.Note);
        switch (entry.Kind)
        {
            case QuarantineEntryKind.StepBegun:
                State = QuarantineStepState.Begun;
                WasBegun = true;
                break;
            case QuarantineEntryKind.StepDone:
                State = QuarantineStepState.Done;
                break;
            case QuarantineEntryKind.StepFailed:
                State = QuarantineStepState.Failed;
                break;
            case QuarantineEntryKind.UndoBegun:
                WasUndoBegun = true;
                break;
            case QuarantineEntryKind.UndoDone:
                State = QuarantineStepState.Undone;
                break;
        }
    }

    /// <param name="isFinal">Whether nothing of the quarantine is undone any more.</param>
    /// <param name="last">The last step on the same target that is in effect; null when none is.</param>
    public QuarantineStepStatus Status(bool isFinal, StepRecord? last)
    {
        bool isUndoable = !isFinal && IsInEffect;
        return new QuarantineStepStatus(Step, State, _at, _note, isUndoable) { UndoAfter = isUndoable && last != this ? last?.Step.Number : null };
    }
}
