using IotOps.Detect;
using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.Pages.Quarantines;

/// <summary>Steps and states of a quarantine in words.</summary>
internal static class StepWords
{
    public static string Call(QuarantineStep step) => step.Kind switch
    {
        QuarantineStepKind.DeactivateCertificate => "UpdateCertificate INACTIVE",
        QuarantineStepKind.DeleteConnection => "DeleteConnection",
        QuarantineStepKind.AddToGroup => "AddThingToThingGroup",
        QuarantineStepKind.AttachPolicy => $"AttachPolicy {step.Policy}",
        QuarantineStepKind.DetachPolicy => $"DetachPolicy {step.Policy}",
        _ => "UpdateCertificate REVOKED",
    };

    public static string Undo(QuarantineStep step) => step.Kind switch
    {
        QuarantineStepKind.DeactivateCertificate => $"UpdateCertificate {step.Before}",
        QuarantineStepKind.DeleteConnection => "nothing: the client connects again when it may",
        QuarantineStepKind.AddToGroup => "RemoveThingFromThingGroup",
        QuarantineStepKind.AttachPolicy => "DetachPolicy",
        QuarantineStepKind.DetachPolicy => "AttachPolicy",
        _ => "no: REVOKED is final",
    };

    public static string Target(QuarantineStep step) => Words.Short(step.Target[(step.Target.LastIndexOf('/') + 1)..]);

    /// <summary>Class, mark and words of a step's state.</summary>
    public static (string State, string Mark, string Text) State(QuarantineStepState state) => state switch
    {
        QuarantineStepState.Begun => ("warn", "■", "Begun, end unknown"),
        QuarantineStepState.Done => ("ok", "✓", "Done"),
        QuarantineStepState.Failed => ("bad", "✕", "Failed"),
        QuarantineStepState.Undone => ("info", "↩", "Undone"),
        _ => ("", "○", "Waits"),
    };

    public static (string State, string Mark, string Text) State(QuarantineState state) => state switch
    {
        QuarantineState.NotStarted => ("", "○", "Planned"),
        QuarantineState.Running => ("warn", "■", "Not at its end"),
        QuarantineState.Held => ("ok", "✓", "Held, can be undone"),
        QuarantineState.Revoking => ("warn", "■", "Revoking, not at its end"),
        QuarantineState.Revoked => ("solid", "◆", "Revoked, final"),
        QuarantineState.Undoing => ("warn", "■", "Undoing, not at its end"),
        _ => ("info", "↩", "Undone"),
    };
}
