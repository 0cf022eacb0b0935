using System.IO.Abstractions;
using Amazon.Runtime;
using IotOps.Logs.Batching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs;

/// <summary>What a <see cref="LogShipper"/> ships, as whom, and what it may use of the device meanwhile.</summary>
public sealed record LogShipperOptions
{
    /// <summary>Directory of the checkpoint and the spool. One running shipper a directory; made when missing.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>AWS region, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Who signs; null takes the standard AWS credential chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Where to call; null resolves AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, AWS_ENDPOINT_URL, then the region's own endpoint.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The HTTP transport; null makes one that the shipper owns. A handler given here stays the caller's.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Files to tail; may be empty when only <see cref="LogShipper.TryWrite"/> and loggers are used.</summary>
    public IReadOnlyList<LogFileOptions> Files { get; init; } = [];

    /// <summary>systemd's journal as a source; null reads none.</summary>
    public LogJournalOptions? Journal { get; init; }

    /// <summary>Value of <c>{thing}</c>; null makes the token an error.</summary>
    public string? ThingName { get; init; }

    /// <summary>Creates log groups and streams when missing. True by default.</summary>
    public bool CreateMissing { get; init; } = true;

    /// <summary>Retention of log groups that are created, in days, one of the values CloudWatch Logs has; null keeps events for ever.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Class of log groups that are created. A group keeps its class for ever. <see cref="LogGroupClass.Standard"/> by default.</summary>
    public LogGroupClass GroupClass { get; init; }

    /// <summary>
    /// Protects log groups that are created from deletion: CloudWatch Logs refuses it until somebody turns the protection off
    /// (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html). Off by default.
    /// </summary>
    public bool GroupDeletionProtection { get; init; }

    /// <summary>
    /// ARN of the symmetric KMS key that log groups are encrypted with that are created, <c>arn:aws:kms:REGION:ACCOUNT:key/ID</c>: the service
    /// takes no id and no alias. Its policy must let <c>logs.REGION.amazonaws.com</c> use it. Null takes the service's own.
    /// </summary>
    public string? GroupKmsKeyArn { get; init; }

    /// <summary>
    /// Tags of log groups that are created, 50 at most: keys of 1-128 and values of up to 256 letters, digits, spaces and <c>_ . : / = + - @</c>,
    /// the keys not beginning with <c>aws:</c>. Needs <c>logs:TagResource</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> GroupTags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Compresses requests. Turns itself off for an endpoint that refuses gzip and takes the same batch without. True by default.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>Longest time an event waits for its batch to fill. 5 s by default.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest event, in UTF-8 bytes and CloudWatch's 26 on top; a longer line is split on a character boundary. China regions take 262,144. 1 MiB by default.</summary>
    public int MaxEventBytes { get; init; } = 1_048_576;

    /// <summary>What becomes of events too old or too far ahead for the service. <see cref="OldEvents.ArrivalTime"/> by default.</summary>
    public OldEvents OldEvents { get; init; }

    /// <summary>Streams that may have a request under way at once. 4 by default.</summary>
    public int MaxParallelRequests { get; init; } = 4;

    /// <summary>Memory for events between file and service, all streams together. 8 MiB by default.</summary>
    public long MaxBufferedBytes { get; init; } = 8L << 20;

    /// <summary>Disk for events that have no file behind them. Beyond this the oldest go, and are counted. 256 MiB by default.</summary>
    public long SpoolLimitBytes { get; init; } = 256L << 20;

    /// <summary>Files held open at once. Files that are not open are still watched. 256 by default.</summary>
    public int MaxOpenFiles { get; init; } = 256;

    /// <summary>How often files are looked at when the system has told of no change. 1 s by default.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the position of a file is kept that is not there, such as on a disk that is not mounted, or that no entry of
    /// <see cref="Files"/> selects any more. A file that was seen to be deleted is forgotten at once. 7 days by default.
    /// </summary>
    public TimeSpan KeepPositions { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where state is kept and files are read; tests put faults in here.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of timestamps, waits and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the shipper itself logs. Never what it ships, never credentials.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Longest text of an event, in UTF-8 bytes.</summary>
    internal int MaxMessageBytes => MaxEventBytes - BatchLimits.EventOverhead;
}
