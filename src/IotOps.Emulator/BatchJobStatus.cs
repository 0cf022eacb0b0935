namespace IotOps.Emulator;

/// <summary>Where a job of AWS Batch stands.</summary>
public enum BatchJobStatus
{
    /// <summary>Taken.</summary>
    Submitted,

    /// <summary>The parent of an array whose children have not all ended.</summary>
    Pending,

    /// <summary>Waits for room, for the first time or again.</summary>
    Runnable,

    /// <summary>About to run.</summary>
    Starting,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended with exit code 0; all children did.</summary>
    Succeeded,

    /// <summary>Ended otherwise, was terminated or ran out of time; a child did.</summary>
    Failed,
}
