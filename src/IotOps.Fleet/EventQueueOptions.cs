using IotOps.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Fleet;

/// <summary>Which queue is read, and how.</summary>
public sealed record EventQueueOptions
{
    /// <summary>A client of <see cref="EventQueueReader.Service"/>; stays the caller's. Its time-out is longer than 20 s.</summary>
    public required AwsClient Client { get; init; }

    /// <summary>The queue, such as <c>https://sqs.eu-west-1.amazonaws.com/123456789012/events</c>.</summary>
    public required string QueueUrl { get; init; }

    /// <summary>Who handles its messages.</summary>
    public required EventRouter Router { get; init; }

    /// <summary>Batches of 10 messages that are handled side by side; 2 unless set, from 1 to 64.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>
    /// How long the queue hides a message that was received, 2 min unless set, from 10 s to 12 h. It is prolonged while the message is being handled:
    /// this is how late a message comes again whose process was killed.
    /// </summary>
    public TimeSpan Visibility { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long what is being handled may take once the queue is to stop; 20 s unless set. What takes longer comes again.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Clock of waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where failures are logged.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal Func<double>? Random { get; init; }

    internal string? Wrong() => this switch
    {
        { Client: null } or { Router: null } => "Client and Router are needed.",
        _ when string.IsNullOrEmpty(QueueUrl) || !Uri.TryCreate(QueueUrl, UriKind.Absolute, out _) => $"'{QueueUrl}' is not the URL of a queue; one looks like https://sqs.eu-west-1.amazonaws.com/123456789012/events.",
        { Workers: < 1 or > 64 } => "Workers is from 1 to 64.",
        _ when Visibility < TimeSpan.FromSeconds(10) || Visibility > TimeSpan.FromHours(12) => "Visibility is from 10 s to 12 h.",
        _ when StopWithin < TimeSpan.Zero => "StopWithin is at least zero.",
        _ => null,
    };
}
