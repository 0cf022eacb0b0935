namespace IotOps.Emulator;

/// <summary>
/// What a container image is here. Definitions that are registered over HTTP name images, and the emulator runs no containers: a job of an image that
/// nobody added fails with <c>CannotPullContainerError</c>.
/// </summary>
public sealed record BatchImage
{
    /// <summary>The image as definitions name it, with tag or digest.</summary>
    public required string Name { get; init; }

    /// <summary>What stands before the container's command when a process is started, as the ENTRYPOINT of an image does.</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    /// <summary>Runs an attempt in this process and returns its exit code; its token is cancelled where a container would get SIGTERM. Null starts a process of this machine.</summary>
    public Func<BatchJobRun, CancellationToken, Task<int>>? Run { get; init; }
}
