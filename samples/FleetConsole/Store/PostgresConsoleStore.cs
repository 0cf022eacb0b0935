using IotOps.Samples.FleetConsole.Store.Sql;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A store in a PostgreSQL database, for several consoles at a time.</summary>
public sealed class PostgresConsoleStore : SqlConsoleStore
{
    private PostgresConsoleStore(ISqlDatabase database, StoreRetention? retention, TimeProvider clock) : base(database, retention, clock)
    {
    }

    /// <summary>Opens the database, and makes the tables in an empty one.</summary>
    /// <param name="connectionString">Of Npgsql: <c>Host=db.example.com;Username=console;Database=console</c>. <c>PGPASSWORD</c> or a password file has the password.</param>
    /// <param name="retention">How long it keeps what.</param>
    /// <param name="clock">The clock; an event from more than a day ahead of it is refused.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    /// <exception cref="InvalidDataException">The database has tables of another program, or of a later version; they are left as they are.</exception>
    /// <exception cref="IOException">The server cannot be reached, or refuses.</exception>
    public static async Task<PostgresConsoleStore> OpenAsync(
        string connectionString, StoreRetention? retention = null, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return new PostgresConsoleStore(await PostgresDatabase.OpenAsync(connectionString, cancellationToken), retention, clock ?? TimeProvider.System);
    }
}
