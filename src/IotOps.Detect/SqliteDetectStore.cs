using System.Runtime.CompilerServices;
using IotOps.Detect.Storing;
using Microsoft.Data.Sqlite;

namespace IotOps.Detect;

/// <summary>
/// Detection's memory in one SQLite file, for a worker that needs no other service. The file is in WAL mode with full synchronisation: what
/// was committed survives a power loss. Thread-safe; several processes of one machine may open the same file.
/// See https://www.sqlite.org/wal.html.
/// </summary>
public sealed class SqliteDetectStore : IDetectStore
{
    // A page of a scan: large enough to be quick, small enough to hold.
    private const int ScanPage = 500;

    private readonly SqliteFile _file;

    private SqliteDetectStore(SqliteFile file) => _file = file;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="ArgumentException">The options name no file.</exception>
    /// <exception cref="InvalidDataException">The file is not such a database, is damaged, or was made by a later version; it is left as it is.</exception>
    /// <exception cref="IOException">The file or its folder cannot be opened or made.</exception>
    public static async Task<SqliteDetectStore> OpenAsync(SqliteDetectStoreOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.Path))
        {
            throw new ArgumentException($"{nameof(options.Path)} names the database file.", nameof(options));
        }

        return new SqliteDetectStore(await SqliteFile.OpenAsync(options.Path, StoreSchema.File, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default) =>
        _file.RunAsync<IReadOnlyList<DetectRecord>>(
            connection =>
            {
                // One snapshot for all of them: without it each look-up locks the file and lets it go again.
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT version, state FROM things WHERE thing = $thing";
                SqliteParameter thing = command.Parameters.Add("$thing", SqliteType.Text);
                List<DetectRecord> records = new(things.Count);
                foreach (string name in things)
                {
                    thing.Value = name;
                    using SqliteDataReader reader = command.ExecuteReader();
                    if (reader.Read())
                    {
                        records.Add(new DetectRecord(name, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
                    }
                }

                return records;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default)
    {
        StoreLimits.Check(changes);
        return _file.RunAsync<IReadOnlyList<string>>(
            connection =>
            {
                using SqliteTransaction transaction = connection.BeginTransaction();
                using var writer = new ChangeWriter(connection, transaction);
                List<string> refused = [];
                foreach (DetectChange change in changes)
                {
                    if (!writer.TryWrite(change))
                    {
                        refused.Add(change.Thing);
                    }
                }

                transaction.Commit();
                return refused;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default) =>
        _file.RunAsync<IReadOnlyList<string>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT thing FROM things WHERE due <= $until ORDER BY due LIMIT $limit";
                command.Parameters.AddWithValue("$until", until.ToUnixTimeMilliseconds());
                command.Parameters.AddWithValue("$limit", limit);
                using SqliteDataReader reader = command.ExecuteReader();
                List<string> things = [];
                while (reader.Read())
                {
                    things.Add(reader.GetString(0));
                }

                return things;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DetectRecord> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // By pages of names, so that no read is held open while the caller works: an open read keeps the write-ahead log from shrinking.
        string after = "";
        while (true)
        {
            string begin = after;
            List<DetectRecord> page = await _file.RunAsync(connection => Page(connection, begin), cancellationToken).ConfigureAwait(false);
            foreach (DetectRecord record in page)
            {
                yield return record;
            }

            if (page.Count < ScanPage)
            {
                yield break;
            }

            after = page[^1].Thing;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(
        DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default) =>
        _file.RunAsync<IReadOnlyList<StoredAlarm>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = """
                    UPDATE alarms SET claimed = $until WHERE id IN (SELECT id FROM alarms WHERE claimed <= $now ORDER BY time, id LIMIT $limit)
                    RETURNING id, time, json
                    """;
                command.Parameters.AddWithValue("$until", claimedUntil.ToUnixTimeMilliseconds());
                command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
                command.Parameters.AddWithValue("$limit", limit);
                using SqliteDataReader reader = command.ExecuteReader();
                List<StoredAlarm> alarms = [];
                while (reader.Read())
                {
                    alarms.Add(new StoredAlarm(reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2)));
                }

                // RETURNING has no order of its own.
                return [.. alarms.OrderBy(alarm => alarm.Time).ThenBy(alarm => alarm.Id, StringComparer.Ordinal)];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) =>
        _file.RunAsync(
            connection =>
            {
                using SqliteTransaction transaction = connection.BeginTransaction();
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "DELETE FROM alarms WHERE id = $id";
                SqliteParameter parameter = command.Parameters.Add("$id", SqliteType.Text);
                foreach (string id in ids)
                {
                    parameter.Value = id;
                    command.ExecuteNonQuery();
                }

                transaction.Commit();
                return ids.Count;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default) =>
        _file.RunAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT version, content FROM documents WHERE name = $name";
                command.Parameters.AddWithValue("$name", name);
                using SqliteDataReader reader = command.ExecuteReader();
                return reader.Read() ? new DetectDocument(name, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default)
    {
        StoreLimits.Check(document);
        return _file.RunAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = document.Version == 0
                    ? "INSERT INTO documents (name, version, content) VALUES ($name, 1, $content) ON CONFLICT DO NOTHING"
                    : "UPDATE documents SET version = version + 1, content = $content WHERE name = $name AND version = $version";
                command.Parameters.AddWithValue("$name", document.Name);
                command.Parameters.AddWithValue("$version", document.Version);
                command.Parameters.AddWithValue("$content", document.Content.ToArray());
                return command.ExecuteNonQuery() == 1;
            },
            cancellationToken);
    }

    /// <summary>Closes the file when what is running has ended.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static List<DetectRecord> Page(SqliteConnection connection, string after)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT thing, version, state FROM things WHERE thing > $after ORDER BY thing LIMIT $limit";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$limit", ScanPage);
        using SqliteDataReader reader = command.ExecuteReader();
        List<DetectRecord> page = [];
        while (reader.Read())
        {
            page.Add(new DetectRecord(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        }

        return page;
    }
}
