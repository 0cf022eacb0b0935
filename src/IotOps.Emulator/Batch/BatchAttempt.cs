namespace IotOps.Emulator.Batch;

/// <summary>One run of a job.</summary>
internal sealed class BatchAttempt(DateTimeOffset startedAt)
{
    public DateTimeOffset StartedAt { get; } = startedAt;

    public DateTimeOffset? StoppedAt { get; set; }

    public int? ExitCode { get; set; }

    /// <summary>What the container service says of the container.</summary>
    public string? Reason { get; set; }

    /// <summary>What Batch says of the attempt.</summary>
    public string? StatusReason { get; set; }
}
