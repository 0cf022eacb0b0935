namespace IotOps.Detect;

/// <summary>How far a step is.</summary>
public enum QuarantineStepState
{
    /// <summary>Its call is not made.</summary>
    Waiting,

    /// <summary>Its call was about to be made when the run ended; the next run finds out whether it took effect.</summary>
    Begun,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It failed; the next run tries again.</summary>
    Failed,

    /// <summary>It is undone, or there was nothing to undo.</summary>
    Undone,
}
