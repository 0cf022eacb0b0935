namespace IotOps.Emulator;

/// <summary>What follows a failed attempt of a job.</summary>
public enum BatchRetryAction
{
    /// <summary>The next attempt, while one is left.</summary>
    Retry,

    /// <summary>The end of the job.</summary>
    Exit,
}
