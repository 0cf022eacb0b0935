namespace IotOps.Logs.Batching;

/// <summary>What one PutLogEvents request may hold: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html.</summary>
internal static class BatchLimits
{
    /// <summary>Sum over the events of their UTF-8 bytes and <see cref="EventOverhead"/>.</summary>
    public const int MaxBytes = 1_048_576;

    /// <summary>What the service adds to each event's bytes.</summary>
    public const int EventOverhead = 26;

    /// <summary>Events in one request.</summary>
    public const int MaxEvents = 10_000;

    /// <summary>Milliseconds between the first and the last event of one request.</summary>
    public const long MaxSpan = 24 * 60 * 60 * 1000;

    /// <summary>Milliseconds that an event may lie back.</summary>
    public const long MaxAge = 14L * 24 * 60 * 60 * 1000;

    /// <summary>Milliseconds that an event may lie ahead.</summary>
    public const long MaxAhead = 2 * 60 * 60 * 1000;
}
