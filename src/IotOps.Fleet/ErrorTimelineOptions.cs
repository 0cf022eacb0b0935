namespace IotOps.Fleet;

/// <summary>What an <see cref="ErrorTimeline"/> counts together.</summary>
public sealed record ErrorTimelineOptions
{
    /// <summary>The length of a bucket; 5 minutes unless set. Buckets begin at whole multiples of it since 1970.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Buckets that are kept, the latest ones; 4,032 unless set: 14 days of 5 minutes.</summary>
    public int MaxBuckets { get; init; } = 4_032;

    /// <summary>Groups of errors that are told apart; 10,000 unless set. Further ones count as one group "other".</summary>
    public int MaxGroups { get; init; } = 10_000;

    /// <summary>Groups in all buckets together that know their clients, principals, addresses and rules; 50,000 unless set. Further ones are counted only, and four times as many at most.</summary>
    public int MaxDetails { get; init; } = 50_000;

    /// <summary>How far behind the latest error one may come before it counts as late; 5 minutes unless set. Late ones are counted where they belong all the same.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock. An error from more than a day ahead of it has a wrong time and is not counted: it would drop all others.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
