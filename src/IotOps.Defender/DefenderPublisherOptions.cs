using System.IO.Abstractions;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Defender;

/// <summary>What a <see cref="DefenderPublisher"/> reports, how often and how.</summary>
public sealed record DefenderPublisherOptions
{
    /// <summary>The shortest interval that AWS IoT Device Defender takes without throttling.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(300);

    /// <summary>The device's connection; it stays the caller's, who connects, reconnects and disposes it.</summary>
    public required IMqttConnection Connection { get; init; }

    /// <summary>The thing, 1-128 of letters, digits, <c>:</c>, <c>_</c> and <c>-</c>.</summary>
    public required string ThingName { get; init; }

    /// <summary>Measures this machine for each report, and is told which reports the service accepted. This or <see cref="Collect"/> is needed.</summary>
    public MetricsCollector? Collector { get; init; }

    /// <summary>
    /// Adds to the report, which is empty or filled by <see cref="Collector"/>; on a thread of the pool, one call at a time. What it returns, if
    /// anything, is called once the service has accepted that very report. Throwing skips the report.
    /// </summary>
    public Func<DefenderReportBuilder, Action?>? Collect { get; init; }

    /// <summary>
    /// Topic of the team's that reports are published to instead of Device Defender's, with <c>{thing}</c> as one of its levels:
    /// <c>fleet/{thing}/defender</c>, or <c>$aws/rules/RULE/fleet/{thing}</c> of Basic Ingest, which has no broker in between. The same bytes; the
    /// broker's PUBACK accepts a report, because nobody else answers. Null, the default, reports to Device Defender.
    /// See https://docs.aws.amazon.com/iot/latest/developerguide/topics.html.
    /// </summary>
    public string? Topic { get; init; }

    /// <summary>How reports are encoded. <see cref="DefenderFormat.Json"/> by default.</summary>
    public DefenderFormat Format { get; init; }

    /// <summary>How their elements are spelled. <see cref="DefenderNames.LongNames"/> by default.</summary>
    public DefenderNames Names { get; init; }

    /// <summary>
    /// From the answer to a report until the next report: 5 minutes by default, and at least that, because the service throttles what comes
    /// more often.
    /// </summary>
    public TimeSpan Interval { get; init; } = MinInterval;

    /// <summary>
    /// Up to so much is added to each interval, at random, and waited before the first report, so that a fleet does not report in step; 30 s by
    /// default, zero for none.
    /// </summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Allows an <see cref="Interval"/> below 5 minutes, for tests against a service that takes it. AWS throttles such reports.</summary>
    public bool AllowShortInterval { get; init; }

    /// <summary>How long the service, or with a <see cref="Topic"/> the broker, may take to answer before the report counts as unanswered; 30 s by default.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a report may have, 1,024 to <see cref="DefenderReport.MaxBytes"/>; a longer one lists fewer connections and ports. 128 KiB by default.</summary>
    public int MaxReportBytes { get; init; } = DefenderReport.MaxBytes;

    /// <summary>Directory where the last report id is kept over a restart; made when missing. Null keeps it in memory only.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The rules that each report is held against before it is encoded, whether or not there is a connection; null for none.</summary>
    public SecurityProfileEvaluator? Evaluator { get; init; }

    /// <summary>
    /// Topic that the rules' alarms are published to, QoS 1, as the JSON of <see cref="ViolationEvent"/>; null publishes none. Alarms that cannot be
    /// published wait in memory, the latest 100 of them.
    /// </summary>
    public string? AlarmTopic { get; init; }

    /// <summary>Called with each alarm that begins or ends.</summary>
    public Action<ViolationEvent>? OnViolation { get; init; }

    /// <summary>
    /// Called with each report before it is encoded, whether or not there is a connection: here hang rules that are evaluated on the device. With
    /// everything that was collected, also what the encoded report has no room for.
    /// </summary>
    public Action<DefenderReport>? OnReport { get; init; }

    /// <summary>Called with the id of a report that the service accepted, or with a <see cref="Topic"/> the broker.</summary>
    public Action<long>? OnAccepted { get; init; }

    /// <summary>Called when the service rejected a report; never with a <see cref="Topic"/>.</summary>
    public Action<DefenderRejection>? OnRejected { get; init; }

    /// <summary>Where <see cref="StateDirectory"/> is; tests put faults in here.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of intervals, time-outs and report ids.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the publisher logs; never what is in a report.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Checks a <see cref="Topic"/>, as the publisher does.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="thingName">The thing whose name it gets.</param>
    /// <exception cref="ArgumentException">It has no level <c>{thing}</c>, or AWS IoT would not take it; the message says why.</exception>
    public static void CheckTopic(string topic, string thingName)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(thingName);
        if (Publishing.DefenderTopics.Problem(topic, thingName) is { } problem)
        {
            throw new ArgumentException(problem, nameof(topic));
        }
    }
}
