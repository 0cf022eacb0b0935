namespace IotOps.Emulator;

/// <summary>
/// What follows a failed attempt that meets all of its conditions; one of <c>retryStrategy.evaluateOnExit</c>. A condition is the whole text, in any
/// case, or its beginning when it ends with <c>*</c>. See https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html.
/// </summary>
public sealed record BatchRetryRule
{
    /// <summary>Decimal digits of the exit code; null for any.</summary>
    public string? OnExitCode { get; init; }

    /// <summary>What the container service says of the container, such as <c>CannotPull*</c>; null for anything.</summary>
    public string? OnReason { get; init; }

    /// <summary>What Batch says of the attempt, such as <c>Your Spot Task was interrupted*</c>; null for anything.</summary>
    public string? OnStatusReason { get; init; }

    /// <summary>What follows.</summary>
    public required BatchRetryAction Action { get; init; }
}
