using System.Collections.Concurrent;
using System.Data.Common;
using IotOps.Shared;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// One SQLite file in WAL mode: one connection that writes, and a few that read beside it and never wait for it. SQLite's calls block: they run on
/// the thread pool. See https://www.sqlite.org/wal.html.
/// </summary>
internal sealed class SqliteDatabase : ISqlDatabase
{
    private const int Readers = 4;
    private const int DeletedAtOnce = 5_000;
    private const int Full = 13;

    // Pages of 8 KiB hold a dozen lines each: half the writes of 4 KiB. The same LIKE as PostgreSQL's, which also finds names by their beginning in an index.
    // 4 MB of pages each.
    private const string Settings = "PRAGMA page_size = 8192; PRAGMA case_sensitive_like = ON; PRAGMA cache_size = -4096";

    private const string InsertLine =
        "INSERT INTO lines (time, key, template, segments, client, principal, address, rule, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";

    private static readonly string[] EventTables = ["lines", "connections", "trail"];

    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _reading = new(Readers, Readers);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private bool _isClosed;

    private SqliteDatabase(string path, SqliteConnection writer) => (Name, _writer) = (path, writer);

    public string Name { get; }

    /// <exception cref="InvalidDataException">The file is another one, or damaged; it is left as it is.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static Task<SqliteDatabase> OpenAsync(string path, int? maxPages, CancellationToken cancellationToken) =>
        Task.Run(() => Open(Path.GetFullPath(path), maxPages), cancellationToken);

    public async Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        catch (SqliteException e)
        {
            throw Failure("read", e);
        }
        finally
        {
            _reading.Release();
        }
    }

    public async Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return await Task.Run(() => Write(write), cancellationToken);
        }
        catch (SqliteException e)
        {
            throw Failure("write", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    // By SQLite's own calls: a command of ADO.NET costs more than the row.
    public bool[] InsertLines(DbConnection connection, IReadOnlyList<LineRecord> lines)
    {
        sqlite3 database = _writer.Handle!;
        using (sqlite3_stmt statement = Prepare(InsertLine))
        {
            bool[] isNew = new bool[lines.Count];
            for (int i = 0; i < isNew.Length; i++)
            {
                LineRecord line = lines[i];
                raw.sqlite3_bind_int64(statement, 1, line.Time);
                raw.sqlite3_bind_int64(statement, 2, line.Key);
                raw.sqlite3_bind_int64(statement, 3, line.Template);
                raw.sqlite3_bind_int64(statement, 4, line.Segments);
                raw.sqlite3_bind_int64(statement, 5, line.Client);
                raw.sqlite3_bind_int64(statement, 6, line.Principal);
                raw.sqlite3_bind_int64(statement, 7, line.Address);
                raw.sqlite3_bind_int64(statement, 8, line.Rule);
                raw.sqlite3_bind_blob(statement, 9, line.Line.Span);
                Check(raw.sqlite3_step(statement));
                isNew[i] = raw.sqlite3_changes(database) == 1;
                raw.sqlite3_reset(statement);
            }

            return isNew;
        }
    }

    public void RunAll(DbConnection connection, string sql, IReadOnlyList<string> names, IEnumerable<long[]> rows)
    {
        using sqlite3_stmt statement = Prepare(sql);
        foreach (long[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                raw.sqlite3_bind_int64(statement, i + 1, row[i]);
            }

            Check(raw.sqlite3_step(statement));
            raw.sqlite3_reset(statement);
        }
    }

    // A file has no partitions.
    public void PrepareDays(DbConnection connection, long firstMilliseconds, long lastMilliseconds)
    {
    }

    public async Task<long> DropAsync(DateTimeOffset eventsBefore, DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, CancellationToken cancellationToken)
    {
        long events = eventsBefore.ToUnixTimeMilliseconds(), minutes = minutesBefore.ToUnixTimeMilliseconds(), hours = hoursBefore.ToUnixTimeMilliseconds(), dropped = 0;
        foreach (string table in EventTables)
        {
            dropped += await DropAsync($"DELETE FROM {table} WHERE (time, key) IN (SELECT time, key FROM {table} WHERE time < @before ORDER BY time LIMIT {DeletedAtOnce})", events, cancellationToken);
        }

        foreach ((string table, string key) in new[] { ("type_counts", "size, segment, start, type"), ("template_counts", "size, segment, template, start"), ("connection_counts", "size, segment, start") })
        {
            dropped += await DropAsync($"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE size < 60 AND start < @before LIMIT {DeletedAtOnce})", minutes, cancellationToken);
            dropped += await DropAsync($"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE size = 60 AND start < @before LIMIT {DeletedAtOnce})", hours, cancellationToken);
        }

        dropped += await DropAsync($"DELETE FROM trail_counts WHERE (hour, actor, credentials) IN (SELECT hour, actor, credentials FROM trail_counts WHERE hour < @before LIMIT {DeletedAtOnce})", hours, cancellationToken);
        dropped += await DropAsync($"DELETE FROM digests WHERE hour IN (SELECT hour FROM digests WHERE hour < @before LIMIT {DeletedAtOnce})", hours, cancellationToken);
        return dropped;
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        for (int i = 0; i < Readers; i++)
        {
            await _reading.WaitAsync();
        }

        _isClosed = true;
        foreach (SqliteConnection reader in _readers)
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _reading.Release(Readers);
        _turn.Release();
    }

    private static SqliteDatabase Open(string path, int? maxPages)
    {
        SqliteConnection writer = SqliteOpening.Open(path, SqliteSchema.File, Settings);
        writer.Run($"PRAGMA wal_autocheckpoint = 2000{(maxPages is { } most ? $"; PRAGMA max_page_count = {most}" : "")}");
        return new SqliteDatabase(path, writer);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_writer.Handle!, sql, out sqlite3_stmt statement));
        return statement;
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw new SqliteException(raw.sqlite3_errmsg(_writer.Handle!).utf8_to_string(), code & 0xFF, code);
        }
    }

    private T Read<T>(Func<DbConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_readers.TryTake(out SqliteConnection? connection))
        {
            connection = SqliteOpening.Connect(Name, $"{Settings}; PRAGMA query_only = ON");
        }

        try
        {
            return read(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    private T Write<T>(Func<DbConnection, T> write)
    {
        using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
        T result = write(_writer);
        transaction.Commit();
        return result;
    }

    // In steps, each a transaction of its own: a feed waits for one step only.
    private async Task<long> DropAsync(string sql, long before, CancellationToken cancellationToken)
    {
        long dropped = 0;
        while (true)
        {
            int step = await WriteAsync(connection => connection.Run(sql, ("before", before)), cancellationToken);
            dropped += step;
            if (step < DeletedAtOnce)
            {
                return dropped;
            }
        }
    }

    private IOException Failure(string what, SqliteException e) => e.SqliteErrorCode == Full
        ? new IOException($"The disk of {Name} is full, or the file has reached its limit: nothing of this batch was accepted. Make room, or keep fewer days; the feeds go on by themselves.", e)
        : new IOException($"SQLite could not {what} {Name}: {e.Message} (code {e.SqliteExtendedErrorCode}).", e);
}
