using System.Data.Common;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>A database behind the console's store: its connections, its tables, and the few statements that differ.</summary>
internal interface ISqlDatabase : IAsyncDisposable
{
    /// <summary>Where it is, for messages; without a password.</summary>
    string Name { get; }

    /// <summary>Runs a read beside others.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken);

    /// <summary>Runs a transaction, one after the other in this process; another one than before when the database asks for that.</summary>
    /// <exception cref="IOException">It cannot be written; nothing was.</exception>
    Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken);

    /// <summary>Writes lines that are new, in a transaction.</summary>
    /// <returns>For each line whether it was new.</returns>
    bool[] InsertLines(DbConnection connection, IReadOnlyList<LineRecord> lines);

    /// <summary>Runs a statement once a row, in a transaction. Its parameters are whole numbers, and first come in the order of their names.</summary>
    void RunAll(DbConnection connection, string sql, IReadOnlyList<string> names, IEnumerable<long[]> rows) => Statements.RunAll(connection, sql, names, rows);

    /// <summary>Sees to it that rows of these days can be written, in a transaction.</summary>
    void PrepareDays(DbConnection connection, long firstMilliseconds, long lastMilliseconds);

    /// <summary>Drops rows of events before one time and roll-ups before another.</summary>
    Task<long> DropAsync(DateTimeOffset eventsBefore, DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, CancellationToken cancellationToken);
}
