namespace IotOps.Samples.FleetConsole.Store;

/// <summary>How feeds write. A feed delivers at least once: what was accepted before is recognised and counted once.</summary>
public interface IConsoleWriter
{
    /// <summary>
    /// Writes a batch, its roll-ups and its feed's position, all or nothing: what was accepted survives a killed process. An event that cannot be
    /// kept is refused by itself and told in the result.
    /// </summary>
    /// <exception cref="IOException">The store cannot be written, because the disk is full for example. Nothing of the batch was accepted.</exception>
    Task<AppendResult> AppendAsync(ConsoleBatch batch, CancellationToken cancellationToken = default);

    /// <summary>A feed's position, as its latest batch had it; null when it never had one.</summary>
    Task<ReadOnlyMemory<byte>?> ReadPositionAsync(string feed, CancellationToken cancellationToken = default);

    /// <summary>Drops what is older than the store keeps, in small steps that let writers and readers through, and makes room for the days to come.</summary>
    /// <returns>Rows or partitions that were dropped.</returns>
    Task<long> MaintainAsync(DateTimeOffset now, CancellationToken cancellationToken = default);
}
