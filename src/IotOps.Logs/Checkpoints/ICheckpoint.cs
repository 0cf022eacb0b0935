namespace IotOps.Logs.Checkpoints;

/// <summary>The durable memory of how far every file has been shipped.</summary>
internal interface ICheckpoint
{
    /// <summary>
    /// Moves positions forward; completes when that is on disk. A position only ever moves forward.
    /// Several lanes' commits share one write. A source that the checkpoint no longer knows is ignored.
    /// </summary>
    /// <exception cref="IOException">The disk refused; the positions are kept and go with the next write.</exception>
    Task CommitAsync(IReadOnlyList<SourcePosition> positions, CancellationToken cancellationToken);
}
