using System.IO.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Mqtt;

/// <summary>Where messages are kept until the broker has them, and how many may wait. Checked by <see cref="DurablePublisher"/>'s constructor.</summary>
public sealed record DurablePublisherOptions
{
    /// <summary>A directory of the publisher's own, made when it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes of messages (topic, properties, payload and 64 each) that may wait, in memory and on the disk; the file is twice as long at most, and 1 MiB. 8 MiB by default.</summary>
    public long LimitBytes { get; init; } = 8L << 20;

    /// <summary>What gives way beyond that. <see cref="DurableOverflow.DropOldest"/> by default.</summary>
    public DurableOverflow Overflow { get; init; }

    /// <summary>Most messages given to the connection and not acknowledged, 1-10,000. 20 by default.</summary>
    public int MaxInFlight { get; init; } = 20;

    /// <summary>
    /// Waits until the disk has a message. False leaves it to the operating system: faster, and kept when the process is killed, but not when
    /// the power fails. True by default.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>Upper end of the first delay before what failed is tried again; it doubles with each failure in a row, up to 60 s. 1 s by default.</summary>
    public TimeSpan MinRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the directory is.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of delays; its wall clock of expiry.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the publisher logs; topics, never payloads.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
