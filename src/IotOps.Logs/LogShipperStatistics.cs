namespace IotOps.Logs;

/// <summary>What a shipper has done since it started. Every event that was read is in exactly one of accepted, rejected, quarantined, dropped or pending.</summary>
public sealed record LogShipperStatistics
{
    /// <summary>Events read from files or written by the caller.</summary>
    public long EventsRead { get; init; }

    /// <summary>Bytes of those events, UTF-8.</summary>
    public long BytesRead { get; init; }

    /// <summary>
    /// Events of files that <see cref="LogFileOptions.IncludeEvents"/>, <see cref="LogFileOptions.ExcludeEvents"/> or
    /// <see cref="LogFileOptions.MinimumLevel"/> left out. They are in no other counter.
    /// </summary>
    public long EventsFiltered { get; init; }

    /// <summary>Events the service accepted.</summary>
    public long EventsAccepted { get; init; }

    /// <summary>Events not sent, or refused one by one, because of their time.</summary>
    public long EventsRejected { get; init; }

    /// <summary>Events sent with another time than their own because the service would not have taken it.</summary>
    public long EventsRetimed { get; init; }

    /// <summary>Events the service refused as invalid; kept in the state directory's quarantine.</summary>
    public long EventsQuarantined { get; init; }

    /// <summary>Events without a file behind them that went because the spool was full.</summary>
    public long EventsDropped { get; init; }

    /// <summary>Events on their way: in memory or in the spool.</summary>
    public long EventsPending { get; init; }

    /// <summary>
    /// Files with content that is not shipped now and in no other counter: the disk refuses to read them, or they are so far equal to the
    /// beginning of another file, as its copy would be. The log names each once.
    /// </summary>
    public long FilesPending { get; init; }

    /// <summary>Age of the oldest event on its way; null when there is none.</summary>
    public TimeSpan? OldestPending { get; init; }

    /// <summary>When the service last accepted a request; null before the first.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    /// <summary>Why the last refused request was refused, in the service's or the network's words; null when none was. It stays after a later request was accepted.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Requests the service accepted.</summary>
    public long Batches { get; init; }

    /// <summary>Requests that had to be sent again.</summary>
    public long Retries { get; init; }

    /// <summary>Checkpoint writes that the disk refused.</summary>
    public long CheckpointFailures { get; init; }
}
