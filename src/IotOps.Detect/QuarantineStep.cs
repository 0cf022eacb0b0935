namespace IotOps.Detect;

/// <summary>One call of a quarantine.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Kind">The call.</param>
/// <param name="Target">What it changes: a certificate's ARN, a client id, or for <see cref="QuarantineStepKind.AddToGroup"/> the group.</param>
public sealed record QuarantineStep(int Number, QuarantineStepKind Kind, string Target)
{
    /// <summary>The policy that is attached or detached; null for other calls.</summary>
    public string? Policy { get; init; }

    /// <summary>What was so before the call, as the plan found it: a certificate's status, or its policies with commas. Null when nothing is to be restored.</summary>
    public string? Before { get; init; }

    /// <summary>Whether the others are done although this one failed.</summary>
    public bool IsOptional => Kind == QuarantineStepKind.DeleteConnection;

    /// <summary>Whether it can be undone.</summary>
    public bool IsFinal => Kind == QuarantineStepKind.RevokeCertificate;
}
