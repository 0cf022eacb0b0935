using System.IO.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Defender;

/// <summary>What a device holds itself to, and where it remembers its alarms.</summary>
public sealed record SecurityProfileEvaluatorOptions
{
    /// <summary>The thing whose alarms these are, 1-128 characters.</summary>
    public required string ThingName { get; init; }

    /// <summary>The behaviors.</summary>
    public required SecurityProfile Profile { get; init; }

    /// <summary>
    /// Where alarms and counts are kept over a restart, so that an alarm is not raised twice and one that was raised is cleared. Null keeps
    /// them in memory only.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>Datapoints that a <c>statisticalThreshold</c> ranks, 2-4,032: the default 288 are a day of reports every 5 minutes.</summary>
    public int HistoryLength { get; init; } = 288;

    /// <summary>Datapoints that a <c>statisticalThreshold</c> needs before it judges, 1 to <see cref="HistoryLength"/>: by default 12, an hour.</summary>
    public int HistoryNeeded { get; init; } = 12;

    /// <summary>The files; only tests need another than the default.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it says what it could not evaluate or store.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
