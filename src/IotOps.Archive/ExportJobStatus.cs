namespace IotOps.Archive;

/// <summary>How far a job is.</summary>
public enum ExportJobStatus
{
    /// <summary>Waits for its turn: AWS Batch's SUBMITTED, PENDING, RUNNABLE and STARTING.</summary>
    Waiting,

    /// <summary>Is at work.</summary>
    Running,

    /// <summary>Ended well. Whether there were any logs, the export itself says.</summary>
    Succeeded,

    /// <summary>Failed, or was cancelled.</summary>
    Failed,
}
