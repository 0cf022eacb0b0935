namespace IotOps.Detect.Quarantine;

/// <summary>A step as a reviewer reads it.</summary>
internal static class StepText
{
    private const int IdDigits = 12;

    public static string Call(QuarantineStep step) => step.Kind switch
    {
        QuarantineStepKind.DeactivateCertificate => $"UpdateCertificate {Short(step.Target)} to INACTIVE",
        QuarantineStepKind.DeleteConnection => $"DeleteConnection of client {step.Target}, without its will message",
        QuarantineStepKind.AddToGroup => $"AddThingToThingGroup {step.Target}",
        QuarantineStepKind.AttachPolicy => $"AttachPolicy {step.Policy} to {Short(step.Target)}",
        QuarantineStepKind.DetachPolicy => $"DetachPolicy {step.Policy} from {Short(step.Target)}",
        _ => $"UpdateCertificate {Short(step.Target)} to REVOKED",
    };

    public static string Inverse(QuarantineStep step) => step.Kind switch
    {
        QuarantineStepKind.DeactivateCertificate => $"UpdateCertificate to {step.Before}",
        QuarantineStepKind.DeleteConnection => "nothing: the client connects again when it may",
        QuarantineStepKind.AddToGroup => "RemoveThingFromThingGroup",
        QuarantineStepKind.AttachPolicy => "DetachPolicy",
        QuarantineStepKind.DetachPolicy => "AttachPolicy",
        _ => "final: nothing undoes it",
    };

    /// <summary>A certificate by the beginning of its id.</summary>
    public static string Short(string arn)
    {
        string id = arn[(arn.LastIndexOf('/') + 1)..];
        return id.Length > IdDigits ? $"certificate {id[..IdDigits]}" : $"certificate {id}";
    }
}
