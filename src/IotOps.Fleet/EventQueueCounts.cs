namespace IotOps.Fleet;

/// <summary>What an <see cref="EventQueueReader"/> did.</summary>
/// <param name="Handled">Messages that were handled and deleted.</param>
/// <param name="Failed">Times that a message was not handled: it stays in the queue, and comes again or ends as a dead letter.</param>
public readonly record struct EventQueueCounts(long Handled, long Failed)
{
    /// <summary>When the queue last answered; null before the first time.</summary>
    public DateTimeOffset? LastReceivedAt { get; init; }

    /// <summary>Why the queue last did not answer, or a message was not handled; null when neither happened. It stays after a later success.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}
