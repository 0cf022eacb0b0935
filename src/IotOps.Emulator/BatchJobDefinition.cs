namespace IotOps.Emulator;

/// <summary>What a job runs, as registered in this process. See https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html.</summary>
public sealed record BatchJobDefinition
{
    /// <summary>1 to 128 letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The container's command. An element that is <c>Ref::Name</c>, whole, becomes the parameter of that name; without one it stays as it is.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Defaults of the parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment of the container, which a submission may add to.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How often a job is tried, 1 to 10.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>What follows a failed attempt while attempts are left: the first rule that it meets decides, and after one that meets none the next follows. At most 5.</summary>
    public IReadOnlyList<BatchRetryRule> EvaluateOnExit { get; init; } = [];

    /// <summary>How long an attempt may take, 60 s or more in AWS; null is no end.</summary>
    public TimeSpan? AttemptDuration { get; init; }

    /// <summary>The image whose <see cref="BatchImage.Run"/> or <see cref="BatchImage.EntryPoint"/> is used (<see cref="EmulatedBatch.AddImage"/>); null, the default, takes those below.</summary>
    public string? Image { get; init; }

    /// <summary>Runs an attempt in this process and returns its exit code; its token is cancelled where a container would get SIGTERM. Null starts a process of this machine.</summary>
    public Func<BatchJobRun, CancellationToken, Task<int>>? Run { get; init; }

    /// <summary>What stands before <see cref="Command"/> when a process is started, as the ENTRYPOINT of an image does.</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    /// <summary>How long a process may go on after SIGTERM before it is killed: Fargate's stopTimeout.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
