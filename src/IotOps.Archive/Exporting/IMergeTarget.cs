namespace IotOps.Archive.Exporting;

/// <summary>What sources are merged into: a file of a zip that begins with its first byte.</summary>
internal interface IMergeTarget
{
    /// <summary>The zip, its entry open.</summary>
    ValueTask<ZipStreamWriter> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Told of places to go on from: so many decoded bytes of the source are done with.</summary>
    ValueTask ReachedAsync(long offset, CancellationToken cancellationToken);
}
