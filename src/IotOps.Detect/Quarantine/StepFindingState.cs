namespace IotOps.Detect.Quarantine;

/// <summary>Whether a call is to be made.</summary>
internal enum StepFindingState
{
    /// <summary>All is as the plan found it.</summary>
    Ready,

    /// <summary>The call's effect is there.</summary>
    Done,

    /// <summary>Somebody else has changed something: the call is not made.</summary>
    Changed,
}
