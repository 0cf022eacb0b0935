namespace IotOps.Detect;

/// <summary>Where detection remembers, in one file.</summary>
public sealed record SqliteDetectStoreOptions
{
    /// <summary>
    /// The database file, made with its folder where there is none; only its owner may read it. SQLite keeps <c>-wal</c> and <c>-shm</c> files
    /// beside it. The file system must be a local one: SQLite's write-ahead log does not work over a network file system.
    /// </summary>
    public required string Path { get; init; }
}
