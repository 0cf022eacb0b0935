using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// A PostgreSQL database that several consoles share. Events lie in one partition a day: those of the days to come are made ahead, and what is too old
/// is dropped with its partition.
/// </summary>
internal sealed class PostgresDatabase : ISqlDatabase
{
    private const int Attempts = 5;
    private const long Day = 86_400_000;

    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<long> _days = [];

    private PostgresDatabase(NpgsqlDataSource source, string name) => (_source, Name) = (source, name);

    public string Name { get; }

    /// <exception cref="ArgumentException">The connection string is none.</exception>
    /// <exception cref="InvalidDataException">The schema has other tables, or those of a later version.</exception>
    /// <exception cref="IOException">The server cannot be reached, or refuses.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder settings = Settings(connectionString)
            ?? throw new ArgumentException("The connection string of PostgreSQL cannot be read; one looks like Host=db.example.com;Username=console;Database=console.", nameof(connectionString));

        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, 10);
        settings.PersistSecurityInfo = false;
        string name = $"PostgreSQL at {settings.Host}, database {settings.Database ?? settings.Username}";
        NpgsqlDataSource source = NpgsqlDataSource.Create(settings);
        try
        {
            await Task.Run(() => Prepare(source, name), cancellationToken);
            return new PostgresDatabase(source, name);
        }
        catch (DbException e)
        {
            await source.DisposeAsync();
            throw new IOException($"{name} cannot be used: {e.Message}", e);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    using NpgsqlConnection connection = _source.OpenConnection();
                    return read(connection);
                },
                cancellationToken);
        }
        catch (DbException e)
        {
            throw new IOException($"{Name} cannot be read: {e.Message}", e);
        }
    }

    public async Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Write(write), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DiskFull)
        {
            throw new IOException($"The disk of {Name} is full: nothing of this batch was accepted. Make room, or keep fewer days; the feeds go on by themselves.", e);
        }
        catch (DbException e)
        {
            throw new IOException($"{Name} cannot be written: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public bool[] InsertLines(DbConnection connection, IReadOnlyList<LineRecord> lines)
    {
        // All lines in one statement, as arrays. Two lines of a batch that are the same are one: the first of them is new.
        using var command = new NpgsqlCommand(
            """
            INSERT INTO lines (time, key, template, segments, client, principal, address, rule, line)
            SELECT * FROM unnest(@time, @key, @template, @segments, @client, @principal, @address, @rule, @line) ON CONFLICT DO NOTHING RETURNING time, key
            """,
            (NpgsqlConnection)connection);
        Add("time", line => line.Time);
        Add("key", line => line.Key);
        Add("template", line => line.Template);
        Add("segments", line => line.Segments);
        Add("client", line => line.Client);
        Add("principal", line => line.Principal);
        Add("address", line => line.Address);
        Add("rule", line => line.Rule);
        command.Parameters.Add(new NpgsqlParameter<byte[][]>("line", [.. lines.Select(line => line.Line.ToArray())]) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        HashSet<(long, long)> added = [];
        using (NpgsqlDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                added.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }
        }

        return [.. lines.Select(line => added.Remove((line.Time, line.Key)))];

        void Add(string name, Func<LineRecord, long> value) =>
            command.Parameters.Add(new NpgsqlParameter<long[]>(name, [.. lines.Select(value)]) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
    }

    public void PrepareDays(DbConnection connection, long firstMilliseconds, long lastMilliseconds)
    {
        // Another console may make the same days: it has finished, or has not begun, when the lock is held.
        long first = firstMilliseconds / Day, last = lastMilliseconds / Day;
        for (long day = first; day <= last; day++)
        {
            if (_days.Contains(day))
            {
                continue;
            }

            connection.Run("SELECT pg_advisory_xact_lock(@lock)", ("lock", PostgresSchema.Lock));
            foreach (string table in PostgresSchema.Events)
            {
                connection.Run($"CREATE TABLE IF NOT EXISTS {table}_{day} PARTITION OF {table} FOR VALUES FROM ({day * Day}) TO ({(day + 1) * Day})");
            }

            // Known once the transaction is over: see Write.
            _days.Add(day);
        }
    }

    public async Task<long> DropAsync(DateTimeOffset eventsBefore, DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, CancellationToken cancellationToken)
    {
        long dropped = await WriteAsync(connection => DropDays(connection, eventsBefore.ToUnixTimeMilliseconds() / Day), cancellationToken);
        long minutes = minutesBefore.ToUnixTimeMilliseconds(), hours = hoursBefore.ToUnixTimeMilliseconds();
        return dropped + await WriteAsync(
            connection =>
            {
                long rows = 0;
                foreach (string table in PostgresSchema.Counts)
                {
                    rows += connection.Run($"DELETE FROM {table} WHERE (size < 60 AND start < @minutes) OR (size = 60 AND start < @hours)", ("minutes", minutes), ("hours", hours));
                }

                return rows + connection.Run("DELETE FROM trail_counts WHERE hour < @hours", ("hours", hours)) + connection.Run("DELETE FROM digests WHERE hour < @hours", ("hours", hours));
            },
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await _source.DisposeAsync();
        _turn.Release();
    }

    // Null when it cannot be read: the library's message may hold a part of the text, which may have a password.
    private static NpgsqlConnectionStringBuilder? Settings(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "FleetConsole" };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static void Prepare(NpgsqlDataSource source, string name)
    {
        using NpgsqlConnection connection = source.OpenConnection();
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        connection.Run("SELECT pg_advisory_xact_lock(@lock)", ("lock", PostgresSchema.Lock));
        if (connection.One("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()", reader => reader.GetInt64(0)) == 0)
        {
            connection.Run(PostgresSchema.Tables);
            connection.Run($"INSERT INTO fleet_console (version) VALUES ({PostgresSchema.Version})");
        }
        else if (connection.One("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'fleet_console'", reader => reader.GetInt64(0)) == 0)
        {
            throw new InvalidDataException($"{name} has tables of another program in this schema. Name an empty database, or an empty schema by 'Search Path=...'.");
        }
        else if (connection.One("SELECT version FROM fleet_console", reader => reader.GetInt32(0)) is var version && version != PostgresSchema.Version)
        {
            throw new InvalidDataException($"{name} has the schema version {version}; this program knows {PostgresSchema.Version}. Use the program that made it.");
        }

        transaction.Commit();
    }

    private static long DropDays(DbConnection connection, long before)
    {
        connection.Run("SELECT pg_advisory_xact_lock(@lock)", ("lock", PostgresSchema.Lock));
        long dropped = 0;
        foreach (string table in PostgresSchema.Events)
        {
            foreach (string partition in connection.Query(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = CAST(@table AS regclass)", reader => reader.GetString(0), ("table", table)))
            {
                if (long.TryParse(partition.AsSpan(table.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long day) && day < before)
                {
                    connection.Run($"DROP TABLE {partition}");
                    dropped++;
                }
            }
        }

        return dropped;
    }

    // Two consoles that write at the same time may be in each other's way: PostgreSQL ends one of them, which begins again.
    private T Write<T>(Func<DbConnection, T> write)
    {
        for (int attempt = 1; ; attempt++)
        {
            long[] known = [.. _days];
            try
            {
                using NpgsqlConnection connection = _source.OpenConnection();
                using NpgsqlTransaction transaction = connection.BeginTransaction();
                T result = write(connection);
                transaction.Commit();
                return result;
            }
            catch (PostgresException e) when (attempt < Attempts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.CheckViolation)
            {
                // A check violation is a day whose partition another console has dropped: it is made again.
                _days.Clear();
            }
            catch
            {
                _days.Clear();
                _days.UnionWith(known);
                throw;
            }
        }
    }
}
