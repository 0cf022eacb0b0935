namespace IotOps.Emulator;

/// <summary>A job as it stood when it was looked at.</summary>
public sealed record EmulatedBatchJob
{
    /// <summary>The job; of a child of an array <c>PARENT:INDEX</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Name given at submission; several jobs may have the same.</summary>
    public required string JobName { get; init; }

    /// <summary>Name of the job queue.</summary>
    public required string JobQueue { get; init; }

    /// <summary>Name and revision of the job definition.</summary>
    public required string JobDefinition { get; init; }

    /// <summary>Where it stands.</summary>
    public required BatchJobStatus Status { get; init; }

    /// <summary>Why it ended so; null when there is nothing to say.</summary>
    public string? StatusReason { get; init; }

    /// <summary>Exit code of the latest attempt; null before its end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Parameters of the submission over those of the definition.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The command, its references replaced.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Jobs in the array; null when it is no array.</summary>
    public int? ArraySize { get; init; }

    /// <summary>Place in the array; null outside of one.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>Who submitted it: the role that was assumed, or the account's own user.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>What the process wrote to both outputs, its last 64 Ki characters; of the latest attempt.</summary>
    public string Output { get; init; } = "";

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Status is BatchJobStatus.Succeeded or BatchJobStatus.Failed;
}
