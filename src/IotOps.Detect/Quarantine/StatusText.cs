using System.Text;

namespace IotOps.Detect.Quarantine;

/// <summary>How a quarantine stands, as text.</summary>
internal static class StatusText
{
    public static string Of(QuarantineStatus status)
    {
        var text = new StringBuilder();
        PlanText.Line(text, $"{status.Plan.ViolationId}: {status.Plan.Thing} is {Name(status.State)}");
        if (status.StartedAt is { } started)
        {
            PlanText.Line(text, $"  begun {PlanText.Time(started)} by {status.StartedBy}");
        }

        foreach (QuarantineStepStatus step in status.Steps)
        {
            string order = step.UndoAfter is { } later ? $", after that of step {later}" : "";
            string undo = step.IsUndoable ? $" [undo{order}: {StepText.Inverse(step.Step)}]" : "";
            PlanText.Line(text, $"  {step.Step.Number,2} {step.State,-7} {StepText.Call(step.Step)}{(step.Note is null ? "" : $": {step.Note}")}{undo}");
        }

        if (status is { State: QuarantineState.Held, RevocableFrom: { } from })
        {
            PlanText.Line(text, $"  may be revoked from {PlanText.Time(from)} on, with an approval");
        }

        if (status.Approval is { } approval)
        {
            PlanText.Line(text, $"  revocation approved {PlanText.Time(approval.At)} by {approval.By}: {approval.Reason}");
        }

        if (status.Problem is { } problem)
        {
            PlanText.Line(text, $"  {problem}");
        }

        return text.ToString();
    }

    private static string Name(QuarantineState state) => state switch
    {
        QuarantineState.NotStarted => "not quarantined",
        QuarantineState.Running => "being quarantined",
        QuarantineState.Held => "quarantined",
        QuarantineState.Revoking => "being revoked",
        QuarantineState.Revoked => "revoked",
        QuarantineState.Undoing => "being released",
        _ => "released",
    };
}
