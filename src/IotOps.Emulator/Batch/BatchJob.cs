namespace IotOps.Emulator.Batch;

/// <summary>A job: what was asked for, and how far it is. What changes is guarded by the lock of the <see cref="BatchStore"/>.</summary>
internal sealed class BatchJob
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Queue { get; init; }

    public required string DefinitionName { get; init; }

    public required BatchJobDefinition Definition { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required RetryStrategy Retry { get; init; }

    public required TimeSpan? AttemptDuration { get; init; }

    public required string SubmittedBy { get; init; }

    public required string Region { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public bool PropagatesTags { get; init; }

    public required IReadOnlyDictionary<string, string> Resources { get; init; }

    /// <summary>Ids of the jobs that it was submitted to wait for.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>Those of them that have not ended.</summary>
    public HashSet<string> WaitsFor { get; } = new(StringComparer.Ordinal);

    public int? ArrayIndex { get; init; }

    public BatchJob? Parent { get; init; }

    /// <summary>The jobs of an array; empty when it is none.</summary>
    public IReadOnlyList<BatchJob> Children { get; set; } = [];

    public BatchJobStatus Status { get; set; } = BatchJobStatus.Submitted;

    public string? StatusReason { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    public List<BatchAttempt> Attempts { get; } = [];

    public string Output { get; set; } = "";

    /// <summary>Somebody cancelled it before it ran, or terminated it.</summary>
    public bool IsCancelled { get; set; }

    public bool IsTerminated { get; set; }

    /// <summary>Why the running attempt is being ended; null while nobody ends it.</summary>
    public BatchEnd? End { get; set; }

    /// <summary>Ends the running attempt; null while none runs.</summary>
    public CancellationTokenSource? Running { get; set; }

    public bool HasEnded => Status is BatchJobStatus.Succeeded or BatchJobStatus.Failed;

    public EmulatedBatchJob Snapshot() => new()
    {
        JobId = Id,
        JobName = Name,
        JobQueue = Queue,
        JobDefinition = DefinitionName,
        Status = Status,
        StatusReason = StatusReason,
        ExitCode = Attempts.Count == 0 ? null : Attempts[^1].ExitCode,
        Attempts = Attempts.Count,
        Parameters = Parameters,
        Command = Command,
        ArraySize = Children.Count > 0 ? Children.Count : null,
        ArrayIndex = ArrayIndex,
        SubmittedBy = SubmittedBy,
        Output = Output,
    };
}
