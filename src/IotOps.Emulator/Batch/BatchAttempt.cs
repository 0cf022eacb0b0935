namespace IotOps.Emulator.Batch;

/// <summary>One run of a job.</summary>
internal sealed class BatchAttempt(DateTimeOffset startedAt)
{
    public DateTimeOffset StartedAt { get; } = startedAt;

    public DateTimeOffset? StoppedAt { get; set; }

    public int? ExitCode { get; set; }

    public string? Reason { get; set; }
}
