namespace IotOps.Detect;

/// <summary>A standard queue of Amazon SQS.</summary>
public sealed record SqsDetectInboxOptions
{
    /// <summary>
    /// The queue's URL. Its visibility timeout should be longer than a batch takes, its redrive policy should name a dead-letter queue for
    /// messages that no worker can handle.
    /// </summary>
    public required Uri QueueUrl { get; init; }

    /// <summary>How long a receive waits for the first message, 0 to 20 s: by default 20 s, so that an empty queue costs three requests a minute.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);
}
