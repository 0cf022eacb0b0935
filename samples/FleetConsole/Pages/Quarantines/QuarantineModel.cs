using IotOps.Detect;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.Pages.Quarantines;

/// <summary>One quarantine: a plan that waits, an act that runs, or what the journal has.</summary>
/// <param name="Id">Its violation id.</param>
/// <param name="Now">The console's clock.</param>
/// <param name="Status">How it stands, or how the dry run went.</param>
/// <param name="CheckedAt">When the dry run was made; null once it began.</param>
/// <param name="Entries">Its journal.</param>
public sealed record QuarantineModel(string Id, DateTimeOffset Now, QuarantineStatus Status, DateTimeOffset? CheckedAt, IReadOnlyList<QuarantineEntry> Entries) : PageModel
{
    /// <summary>What runs now, one of <see cref="ActNames"/>; null for nothing.</summary>
    public string? Running { get; init; }

    /// <summary>Who began it.</summary>
    public string? RunningBy { get; init; }

    /// <summary>Why the last act that ran here ended before its end; null when it did not.</summary>
    public string? LastProblem { get; init; }

    /// <summary>The step that somebody is about to undo on its own; null for none.</summary>
    public QuarantineStepStatus? StepToUndo { get; init; }

    public QuarantinePlan Plan => Status.Plan;

    public bool IsPlanned => Status.State == QuarantineState.NotStarted;

    public string? Problem => Status.Problem ?? LastProblem;

    /// <summary>Steps of the run up to the hold.</summary>
    public int Steps => Plan.Steps.Count(step => !step.IsFinal);

    public int Undoable => Plan.Steps.Count(step => step is { IsFinal: false, Kind: not QuarantineStepKind.DeleteConnection });

    public int Done => Status.Steps.Count(step => !step.Step.IsFinal && step.State == QuarantineStepState.Done);

    public int Undone => Status.Steps.Count(step => step is { State: QuarantineStepState.Undone, Step.Kind: not QuarantineStepKind.DeleteConnection });

    public bool IsUndoing => Running is ActNames.Undo or ActNames.UndoStep;

    /// <summary>Whether it stopped and nobody runs it.</summary>
    public bool IsStopped => Running is null && Status.State is QuarantineState.Running or QuarantineState.Undoing or QuarantineState.Revoking;

    public bool CanBeUndone => Running is null && Status.State is QuarantineState.Running or QuarantineState.Held or QuarantineState.Undoing;

    public string Sentence
    {
        get
        {
            string others = Plan.OtherThings.Count() is > 0 and var count ? $" {Words.Count(count, "other thing")} would lose access too." : " No other thing loses access.";
            return Status.State switch
            {
                _ when IsUndoing => $"{RunningBy} undoes it now: {Undone} of {Words.Count(Undoable, "step")} undone.",
                _ when Running is not null => $"{RunningBy} runs it now: {Done} of {Words.Count(Steps, "step")} done.",
                QuarantineState.NotStarted when !Plan.IsAllowed => $"Refused: {Plan.Refusals.First(refusal => !refusal.IsOverridden).Message}",
                QuarantineState.NotStarted when Status.Problem is { } problem => $"The dry run would stop: {problem}",
                QuarantineState.NotStarted => $"{Words.Count(Steps, "call")}, {Undoable} of them can be undone.{others} Nothing is changed yet.",
                QuarantineState.Running => $"Stopped after {Done} of {Words.Count(Steps, "step")}. Resume it or undo it.",
                QuarantineState.Held => $"Held since {Words.Time(Status.HeldSince ?? Now, Now)}: {Words.Count(Done, "step")} done. It can be undone until somebody revokes it, from {Words.Time(Status.RevocableFrom ?? Now, Now)} on.",
                QuarantineState.Revoking => "Stopped while it revoked. That is resumed by approving it again.",
                QuarantineState.Revoked => "Revoked: final. The device needs a new certificate.",
                QuarantineState.Undoing => $"{Undone} of {Words.Count(Undoable, "step")} {(Undone == 1 ? "is" : "are")} undone. Undo the rest; it is not resumed or revoked any more.",
                _ => $"Undone: everything is as it was before {Words.Time(Status.StartedAt ?? Now, Now)}.",
            };
        }
    }

    internal static async Task<QuarantineModel?> ReadAsync(QuarantineDesk desk, string id, int? step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!desk.IsConfigured || id.Length is 0 or > 128 || id[0] == '#' || id.Any(char.IsControl))
        {
            return null;
        }

        RunningAct? act = desk.FindAct(id);
        QuarantineStatus? status = await desk.StatusAsync(id, cancellationToken);
        PlannedQuarantine? planned = status is null ? desk.FindPlan(id) : null;
        if ((status ?? planned?.DryRun) is not { } found)
        {
            return null;
        }

        bool isRunning = act is { IsRunning: true };
        return new QuarantineModel(id, now, found, planned?.CheckedAt, status is null ? [] : await desk.EntriesAsync(id, cancellationToken))
        {
            IsLive = isRunning,
            Running = isRunning ? act!.Act : null,
            RunningBy = isRunning ? act!.By : null,
            LastProblem = isRunning ? null : act?.Problem,
            StepToUndo = found.Steps.FirstOrDefault(one => one.Step.Number == step && one is { IsUndoable: true, UndoAfter: null }),
        };
    }
}
