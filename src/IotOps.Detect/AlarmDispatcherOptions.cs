using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>Where alarms go, how they are grouped, and how much waits.</summary>
public sealed record AlarmDispatcherOptions
{
    /// <summary>Where every alarm goes, 1 to 16 places with names of their own. They stay the caller's.</summary>
    public required IReadOnlyList<IAlarmSink> Sinks { get; init; }

    /// <summary>How long alarms of one kind, rule and state are collected for one message, from the first one: 30 s unless set, 0 for no collecting.</summary>
    public TimeSpan GroupWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages that a sink is sent within <see cref="RatePeriod"/> at most, 20 unless set. What waits for its turn keeps collecting.</summary>
    public int RateLimit { get; init; } = 20;

    /// <summary>A minute unless set. 1 min by default.</summary>
    public TimeSpan RatePeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Alarms that wait for one sink at most, 100,000 unless set; of most of them only the id is kept, about 200 bytes. One more is refused for that
    /// sink: <see cref="AlarmDispatcher.DeliverAsync"/> then says false, and its source keeps it.
    /// </summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>Messages that are collected at the same time for one sink at most, 500 unless set; of a message up to 170 KB are kept. Alarms of further rules share a message of their kind.</summary>
    public int MaxGroups { get; init; } = 500;

    /// <summary>Ids of the latest alarms that a sink has taken, by which one that is delivered again is known: 100,000 unless set.</summary>
    public int RememberedAlarms { get; init; } = 100_000;

    /// <summary>How long one send may take; 30 s unless set.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a sink's first failure, doubled with each further one up to <see cref="LongestRetry"/>, drawn between half and all of it; 1 s unless set.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>5 minutes unless set.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the day's digest is sent to every sink, UTC; null for no digest. 06:00 unless set.</summary>
    public TimeOnly? DigestAt { get; init; } = new(6, 0);

    /// <summary>What is muted from the start.</summary>
    public IReadOnlyList<AlarmMute> Mutes { get; init; } = [];

    /// <summary>Clock of windows, waits, mutes and digests.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the dispatcher logs: sinks that fail, with the error's text, and that work again.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal Func<double>? Random { get; init; }

    internal string? Wrong() => this switch
    {
        { Sinks: null or { Count: 0 or > 16 } } => "There are 1 to 16 sinks.",
        _ when Sinks.Select(sink => sink.Name).Distinct(StringComparer.Ordinal).Count() != Sinks.Count => "Two sinks have one name; give each a name of its own.",
        _ when GroupWindow < TimeSpan.Zero || GroupWindow > TimeSpan.FromDays(1) => "GroupWindow is from zero to a day.",
        _ when RateLimit is < 1 or > 100_000 || RatePeriod <= TimeSpan.Zero => "RateLimit is from 1 to 100,000 and RatePeriod longer than zero.",
        _ when MaxPending < 1 || MaxGroups < 1 || RememberedAlarms < 1 => "MaxPending, MaxGroups and RememberedAlarms are at least 1.",
        _ when SendTimeout <= TimeSpan.Zero => "SendTimeout is longer than zero.",
        _ when FirstRetry <= TimeSpan.Zero || LongestRetry < FirstRetry => "FirstRetry is longer than zero and not longer than LongestRetry.",
        _ => null,
    };
}
