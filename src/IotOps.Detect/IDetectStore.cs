namespace IotOps.Detect;

/// <summary>
/// What detection remembers between messages: one record a thing, the alarms that wait for their receiver, and a few documents of the whole
/// fleet. Several workers may use one store at the same time: a change is written only over the version that it was made from.
/// </summary>
public interface IDetectStore : IAsyncDisposable
{
    /// <summary>Reads records; a thing that has none is left out.</summary>
    /// <param name="things">Names of things, or client ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes changes, each whole or not at all: the record, its due time and its alarms together. What is written when this returns survives a
    /// crash of the process and of the machine.
    /// </summary>
    /// <param name="changes">At most one change a thing.</param>
    /// <param name="cancellationToken">Ends the wait; each change may have been written or not.</param>
    /// <returns>The things whose record another worker has changed since it was read: they are to be read and evaluated again.</returns>
    Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default);

    /// <summary>Names the things that are due: those whose <see cref="DetectChange.DueAt"/> is not after a time, the earliest first.</summary>
    /// <param name="until">The time.</param>
    /// <param name="limit">How many names at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default);

    /// <summary>Reads every record, in no order. A record that changes meanwhile is read before or after the change.</summary>
    IAsyncEnumerable<DetectRecord> ScanAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes alarms that were committed and not removed, and that nobody has a claim on: new ones, and those of a worker that ended before it had
    /// handed them on. The oldest come first.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="claimedUntil">Until when nobody else gets them.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default);

    /// <summary>Removes alarms that their receiver has; unknown ids are passed over.</summary>
    Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Reads a document; null when there is none.</summary>
    Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Writes a document over the version that it was made from.</summary>
    /// <returns>False when another worker has written it since: nothing was changed.</returns>
    Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default);
}
