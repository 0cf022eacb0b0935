namespace IotOps.Detect.Quarantine;

/// <summary>What a look at the account says about a step.</summary>
/// <param name="State">Whether to make the call.</param>
/// <param name="Message">What is not as it was; null when all is.</param>
internal sealed record StepFinding(StepFindingState State, string? Message = null)
{
    public static StepFinding Ready { get; } = new(StepFindingState.Ready);

    public static StepFinding Done { get; } = new(StepFindingState.Done);

    public static StepFinding Changed(string message) => new(StepFindingState.Changed, message);
}
