using System.Globalization;
using IotOps.Detect.Storing;
using Microsoft.Data.Sqlite;

namespace IotOps.Detect;

/// <summary>
/// A queue in a SQLite file, for a worker that receives reports itself (over MQTT, from files, from a test) and needs no SQS. What
/// <see cref="EnqueueAsync"/> has accepted survives a power loss. Thread-safe.
/// </summary>
public sealed class SqliteDetectInbox : IDetectInbox, IAsyncDisposable
{
    private readonly SqliteDetectInboxOptions _options;
    private readonly SqliteFile _file;
    private TaskCompletionSource _arrived = New();

    private SqliteDetectInbox(SqliteDetectInboxOptions options, SqliteFile file)
    {
        _options = options;
        _file = file;
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The file is not such a database, is damaged, or was made by a later version; it is left as it is.</exception>
    /// <exception cref="IOException">The file or its folder cannot be opened or made.</exception>
    public static async Task<SqliteDetectInbox> OpenAsync(SqliteDetectInboxOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        return new SqliteDetectInbox(options, await SqliteFile.OpenAsync(options.Path, InboxSchema.File, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Adds messages, all or none of them.</summary>
    /// <exception cref="IOException">The queue is full, or the disk is: nothing was added.</exception>
    public async Task EnqueueAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> bodies, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bodies);
        await _file.RunAsync(connection => Insert(connection, bodies), cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _arrived, New()).TrySetResult();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        long start = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            Task arrived = Volatile.Read(ref _arrived).Task;
            List<QueuedMessage> messages = await _file.RunAsync(connection => Take(connection, limit), cancellationToken).ConfigureAwait(false);
            TimeSpan left = _options.Wait - _options.TimeProvider.GetElapsedTime(start);
            if (messages.Count > 0 || left <= TimeSpan.Zero)
            {
                return messages;
            }

            await WaitAsync(arrived, left, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default) =>
        _file.RunAsync(
            connection =>
            {
                using SqliteTransaction transaction = connection.BeginTransaction();
                using SqliteCommand command = connection.CreateCommand();

                // The count of deliveries is part of the handle: a message that another receiver has by now is that receiver's to delete.
                command.CommandText = "DELETE FROM messages WHERE id = $id AND deliveries = $deliveries";
                SqliteParameter id = command.Parameters.Add("$id", SqliteType.Integer), deliveries = command.Parameters.Add("$deliveries", SqliteType.Integer);
                foreach (QueuedMessage message in messages)
                {
                    id.Value = Id(message);
                    deliveries.Value = message.Deliveries;
                    command.ExecuteNonQuery();
                }

                transaction.Commit();
                return messages.Count;
            },
            cancellationToken);

    /// <summary>How many messages wait, and how many were set aside because no worker could handle them.</summary>
    public Task<(long Waiting, long SetAside)> CountAsync(CancellationToken cancellationToken = default) =>
        _file.RunAsync(connection => (Count(connection, "messages"), Count(connection, "dead")), cancellationToken);

    /// <summary>Closes the file when what is running has ended.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static void Check(SqliteDetectInboxOptions options)
    {
        string? problem = options switch
        {
            { Path: null or "" } => $"{nameof(options.Path)} names the database file.",
            { VisibilityTimeout: var timeout } when timeout < TimeSpan.FromSeconds(1) || timeout > TimeSpan.FromHours(12) =>
                $"{nameof(options.VisibilityTimeout)} is 1 s to 12 h, not {timeout}.",
            { MaxDeliveries: < 1 or > 1000 } => $"{nameof(options.MaxDeliveries)} is 1 to 1,000, not {options.MaxDeliveries}.",
            { Wait: var wait } when wait < TimeSpan.Zero || wait > TimeSpan.FromSeconds(20) => $"{nameof(options.Wait)} is 0 to 20 s, not {wait}.",
            { MaxMessages: < 1 } => $"{nameof(options.MaxMessages)} is at least 1, not {options.MaxMessages}.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A received message that nobody deleted becomes visible without a signal, so the wait is cut into seconds.
    private async Task WaitAsync(Task arrived, TimeSpan left, CancellationToken cancellationToken)
    {
        TimeSpan most = TimeSpan.FromSeconds(1) < left ? TimeSpan.FromSeconds(1) : left;
        try
        {
            await arrived.WaitAsync(most, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing came: the caller looks again.
        }
    }

    private int Insert(SqliteConnection connection, IReadOnlyCollection<ReadOnlyMemory<byte>> bodies)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (Count(connection, "messages") + bodies.Count > _options.MaxMessages)
        {
            throw new IOException($"The queue {_options.Path} holds {_options.MaxMessages} messages, and {bodies.Count} more do not fit; let a worker empty it.");
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO messages (body, visible, deliveries) VALUES ($body, $now, 0)";
        command.Parameters.AddWithValue("$now", Now());
        SqliteParameter value = command.Parameters.Add("$body", SqliteType.Blob);
        foreach (ReadOnlyMemory<byte> body in bodies)
        {
            value.Value = body.ToArray();
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        return bodies.Count;
    }

    private List<QueuedMessage> Take(SqliteConnection connection, int limit)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        List<QueuedMessage> found = Visible(connection, limit);
        using SqliteCommand take = connection.CreateCommand(), setAside = connection.CreateCommand();
        take.CommandText = "UPDATE messages SET visible = $until, deliveries = deliveries + 1 WHERE id = $id";
        setAside.CommandText = "INSERT INTO dead (id, body, since) SELECT id, body, $now FROM messages WHERE id = $id; DELETE FROM messages WHERE id = $id";
        take.Parameters.AddWithValue("$until", Now() + (long)_options.VisibilityTimeout.TotalMilliseconds);
        setAside.Parameters.AddWithValue("$now", Now());
        SqliteParameter taken = take.Parameters.Add("$id", SqliteType.Integer), dead = setAside.Parameters.Add("$id", SqliteType.Integer);
        List<QueuedMessage> messages = [];
        foreach (QueuedMessage message in found)
        {
            if (message.Deliveries > _options.MaxDeliveries)
            {
                dead.Value = Id(message);
                setAside.ExecuteNonQuery();
            }
            else
            {
                taken.Value = Id(message);
                take.ExecuteNonQuery();
                messages.Add(message);
            }
        }

        transaction.Commit();
        return messages;
    }

    // As they will be when they are taken: with this delivery counted.
    private List<QueuedMessage> Visible(SqliteConnection connection, int limit)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, body, deliveries + 1 FROM messages WHERE visible <= $now ORDER BY visible, id LIMIT $limit";
        command.Parameters.AddWithValue("$now", Now());
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = command.ExecuteReader();
        List<QueuedMessage> found = [];
        while (reader.Read())
        {
            found.Add(new QueuedMessage(reader.GetInt64(0).ToString(CultureInfo.InvariantCulture), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2)));
        }

        return found;
    }

    private static long Id(QueuedMessage message) => long.Parse(message.Handle, CultureInfo.InvariantCulture);

    private long Now() => _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Count(SqliteConnection connection, string table)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }
}
