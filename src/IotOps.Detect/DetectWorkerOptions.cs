using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>Where a worker takes messages from, what it evaluates them with, and where it remembers.</summary>
public sealed record DetectWorkerOptions
{
    /// <summary>The messages; stays the caller's.</summary>
    public required IDetectInbox Inbox { get; init; }

    /// <summary>The memory; stays the caller's.</summary>
    public required IDetectStore Store { get; init; }

    /// <summary>The security profiles.</summary>
    public required DetectEngine Engine { get; init; }

    /// <summary>Messages of one batch, 1-1,000: by default 200. A batch is one commit of a SQLite store.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>Batches that are worked on side by side, 1-64: by default 2.</summary>
    public int Receivers { get; init; } = 2;

    /// <summary>How often things that are due without a message are looked for, 1 s to 5 min: by default 5 s.</summary>
    public TimeSpan DueInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the worker looks whether the fleet's statistics are to be made again, 1 min to 1 day: by default 1 h. They change once a day; of
    /// several workers one makes them.
    /// </summary>
    public TimeSpan StatisticsInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it says what it could not do.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
