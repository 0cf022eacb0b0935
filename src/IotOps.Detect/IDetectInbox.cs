namespace IotOps.Detect;

/// <summary>
/// Where a worker takes messages from. A message that was received stays in the queue, out of sight of other receivers for a while, until it is
/// deleted: one whose worker ended comes again. Messages may come twice and in any order.
/// </summary>
public interface IDetectInbox
{
    /// <summary>Takes messages; waits up to 20 s for the first.</summary>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What there was; empty when nothing came in time.</returns>
    Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Deletes messages that were handled. One that is not there any more, or has come to another receiver since, is passed over.</summary>
    Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default);
}
