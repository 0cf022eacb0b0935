namespace IotOps.Detect;

/// <summary>
/// What quarantines did, entry after entry. An entry is written only behind the one that its writer has seen last, so that two runs of one
/// quarantine cannot both go on. What is written when a call returns survives a crash of the process and of the machine.
/// </summary>
public interface IQuarantineJournal : IAsyncDisposable
{
    /// <summary>Reads a quarantine's entries in their order; none when there is no such quarantine.</summary>
    Task<IReadOnlyList<QuarantineEntry>> ReadAsync(string violationId, CancellationToken cancellationToken = default);

    /// <summary>Writes a quarantine's first entry, unless too many began of late.</summary>
    /// <param name="entry">The entry, with <see cref="QuarantineEntry.Sequence"/> 1.</param>
    /// <param name="since">From when on those that began are counted.</param>
    /// <param name="limit">How many may have begun since, this one included; 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait; the entry may have been written or not.</param>
    Task<QuarantineStart> StartAsync(QuarantineEntry entry, DateTimeOffset since, int limit, CancellationToken cancellationToken = default);

    /// <summary>Writes a further entry.</summary>
    /// <returns>False when another run has written an entry of that sequence: nothing was written.</returns>
    Task<bool> AppendAsync(QuarantineEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Names all quarantines, in no order.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default);
}
