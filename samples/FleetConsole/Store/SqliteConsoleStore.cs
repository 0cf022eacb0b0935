using IotOps.Samples.FleetConsole.Store.Sql;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A store in one SQLite file, which a copy of can be opened anywhere.</summary>
public sealed class SqliteConsoleStore : SqlConsoleStore
{
    private SqliteConsoleStore(ISqlDatabase database, StoreRetention? retention, TimeProvider clock) : base(database, retention, clock)
    {
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">The file; its folder is made too.</param>
    /// <param name="retention">How long it keeps what.</param>
    /// <param name="clock">The clock; an event from more than a day ahead of it is refused.</param>
    /// <param name="maxPages">Pages of 8 KiB that the file may have; null for as many as the disk has room for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidDataException">The file is not such a database, is damaged, or was made by a later version; it is left as it is.</exception>
    /// <exception cref="IOException">The file or its folder cannot be opened or made.</exception>
    public static async Task<SqliteConsoleStore> OpenAsync(
        string path, StoreRetention? retention = null, TimeProvider? clock = null, int? maxPages = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new SqliteConsoleStore(await SqliteDatabase.OpenAsync(path, maxPages, cancellationToken), retention, clock ?? TimeProvider.System);
    }
}
