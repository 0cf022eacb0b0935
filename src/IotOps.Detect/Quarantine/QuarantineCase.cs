namespace IotOps.Detect.Quarantine;

/// <summary>A quarantine as its journal says it stands. Entries that are written are added, so that it is always what a reader would see.</summary>
internal sealed class QuarantineCase
{
    private readonly StepRecord[] _steps;

    private QuarantineCase(QuarantineEntry first)
    {
        First = first;
        Plan = first.Plan ?? throw new FormatException($"The journal's first entry for '{first.ViolationId}' has no plan.");
        _steps = [.. Plan.Steps.Select(step => new StepRecord(step))];
        State = QuarantineState.Running;
        Sequence = 1;
    }

    public QuarantineEntry First { get; }

    public QuarantinePlan Plan { get; }

    public QuarantineState State { get; private set; }

    /// <summary>The last entry's.</summary>
    public int Sequence { get; private set; }

    public DateTimeOffset? HeldSince { get; private set; }

    public QuarantineApproval? Approval { get; private set; }

    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>Whether all of it is being undone, and not single steps alone.</summary>
    public bool IsUndoneWhole { get; private set; }

    /// <summary>Whether a certificate was to be revoked, so that nothing is undone any more.</summary>
    public bool IsFinal => _steps.Any(step => step.Step.IsFinal && step.State != QuarantineStepState.Waiting);

    /// <returns>Null when there are no entries.</returns>
    /// <exception cref="FormatException">The entries are not a quarantine's.</exception>
    public static QuarantineCase? Of(IReadOnlyList<QuarantineEntry> entries)
    {
        if (entries.Count == 0)
        {
            return null;
        }

        var read = new QuarantineCase(entries[0]);
        foreach (QuarantineEntry entry in entries.Skip(1))
        {
            read.Add(entry);
        }

        return read;
    }

    /// <exception cref="FormatException">The entry does not follow the last one, or names a step that the plan has not.</exception>
    public void Add(QuarantineEntry entry)
    {
        if (entry.Sequence != Sequence + 1)
        {
            throw new FormatException($"The journal for '{entry.ViolationId}' has entry {entry.Sequence} behind {Sequence}.");
        }

        if (entry.Step is { } number)
        {
            if (number < 1 || number > _steps.Length)
            {
                throw new FormatException($"The journal for '{entry.ViolationId}' names step {number}; its plan has {_steps.Length}.");
            }

            _steps[number - 1].Add(entry);
        }

        Sequence = entry.Sequence;
        switch (entry.Kind)
        {
            case QuarantineEntryKind.Held:
                State = QuarantineState.Held;
                HeldSince = entry.Time;
                break;
            case QuarantineEntryKind.Approved:
                State = QuarantineState.Revoking;
                Approval = new QuarantineApproval(entry.By ?? "", entry.Note ?? "", entry.Time);
                break;
            case QuarantineEntryKind.Revoked:
                State = QuarantineState.Revoked;
                break;
            case QuarantineEntryKind.UndoStarted:
                State = QuarantineState.Undoing;
                IsUndoneWhole |= entry.Step is null;
                break;
            case QuarantineEntryKind.Undone:
                State = QuarantineState.Undone;
                break;
        }
    }

    /// <summary>
    /// The last step that is in effect on a step's target: what is undone before the others there. A certificate whose ten policies are taken, for
    /// one, has no room for the detached one before the attached one is off.
    /// </summary>
    public StepRecord? LastInEffect(StepRecord record) =>
        _steps.LastOrDefault(other => other.IsInEffect && other.Step.Target == record.Step.Target);

    /// <summary>Why a step cannot be undone on its own now; null when it can, or is undone.</summary>
    public string? WhyNotUndone(StepRecord record)
    {
        if (record.State == QuarantineStepState.Undone)
        {
            return null;
        }

        string step = $"Step {record.Step.Number} ({StepText.Call(record.Step)})";
        return !record.HasInverse ? $"{step} is not undone: {StepText.Inverse(record.Step)}."
            : !record.WasBegun ? $"{step} was not done; there is nothing to undo."
            : LastInEffect(record) is { } last && last != record
                ? $"{step} is not undone while step {last.Step.Number} ({StepText.Call(last.Step)}), which came after it, is in effect. Undo step {last.Step.Number} first, or all of them."
            : null;
    }

    public QuarantineStatus Status(string? problem = null) => new()
    {
        Plan = Plan,
        State = State,
        Steps = [.. _steps.Select(step => step.Status(IsFinal, LastInEffect(step)))],
        StartedBy = First.By,
        StartedAt = First.Time,
        HeldSince = HeldSince,
        Approval = Approval,
        Problem = problem,
    };
}
