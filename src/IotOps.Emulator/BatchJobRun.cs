namespace IotOps.Emulator;

/// <summary>One attempt of a job, as its container would see it.</summary>
public sealed record BatchJobRun
{
    /// <summary>The job; of a child of an array <c>PARENT:INDEX</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Place in the array; null outside of one.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>The command, its references replaced.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The environment, with <c>AWS_BATCH_JOB_ID</c>, <c>AWS_BATCH_JOB_ATTEMPT</c>, <c>AWS_BATCH_JQ_NAME</c> and in an array <c>AWS_BATCH_JOB_ARRAY_INDEX</c>.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
