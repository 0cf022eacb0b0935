namespace IotOps.Fleet;

/// <summary>What an <see cref="EventQueueReader"/> did.</summary>
/// <param name="Handled">Messages that were handled and deleted.</param>
/// <param name="Failed">Times that a message was not handled: it stays in the queue, and comes again or ends as a dead letter.</param>
public readonly record struct EventQueueCounts(long Handled, long Failed);
