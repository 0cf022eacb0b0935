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

    public void Add(QuarantineEntry entry)
    {
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

    public QuarantineStepStatus Status(bool isFinal) => new(
        Step, State, _at, _note, !isFinal && WasBegun && State != QuarantineStepState.Undone && Step.Kind != QuarantineStepKind.DeleteConnection);
}
