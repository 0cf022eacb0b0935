using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive;

/// <summary>How many exports run in this process, and how many may wait.</summary>
public sealed record InProcessExportJobsOptions
{
    /// <summary>Exports at once, 1 to 64. Each takes the memory and the threads that its exporter was given.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Exports that may wait for their turn, 0 to 10,000; one more is refused with <see cref="ExportQueueFullException"/>. 32 by default.</summary>
    public int QueueLimit { get; init; } = 32;

    /// <summary>Ended jobs that are remembered, 1 to 100,000; beyond that the oldest are forgotten. 1,000 by default.</summary>
    public int RememberedJobs { get; init; } = 1_000;

    /// <summary>Longest wait for the running exports when the jobs are disposed of. 25 s by default.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Clock of that wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where an export that fails is logged, with its exception; nowhere by default.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
