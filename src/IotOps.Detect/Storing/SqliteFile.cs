using Microsoft.Data.Sqlite;

namespace IotOps.Detect.Storing;

/// <summary>
/// One connection to a SQLite file, used by one caller after the other. SQLite has one writer at a time anyway, and its calls block: they run on
/// the thread pool, so that the caller's thread does not wait for the disk.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private const int SchemaVersion = 1;
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isClosed;

    private SqliteFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="InvalidDataException">The file is another one; it is left as it is.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static Task<SqliteFile> OpenAsync(string path, string schema, int applicationId, CancellationToken cancellationToken) =>
        Task.Run(() => Open(Path.GetFullPath(path), schema, applicationId), cancellationToken);

    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteDetectStore));
            return await Task.Run(() => work(_connection), cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw new IOException($"SQLite could not use {_connection.DataSource}: {e.Message} (code {e.SqliteExtendedErrorCode}).", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isClosed = true;
        _connection.Dispose();
        _turn.Release();
    }

    private static SqliteFile Open(string path, string schema, int applicationId)
    {
        try
        {
            MakeFile(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be opened or made: {e.Message}", e);
        }

        // No pool: the connection lives as long as the store, and a pooled one would keep the file open behind it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            Prepare(connection, path, schema, applicationId);
            return new SqliteFile(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw e.SqliteErrorCode is NotADatabase or Corrupt
                ? new InvalidDataException($"{path} is not a SQLite database, or is damaged: {e.Message} Move it away to begin with an empty one.", e)
                : new IOException($"SQLite could not open {path}: {e.Message} (code {e.SqliteExtendedErrorCode}).", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void MakeFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }

    private static void Prepare(SqliteConnection connection, string path, string schema, int applicationId)
    {
        // FULL syncs the log at each commit: NORMAL may lose the last commits in a power loss, although their messages were deleted from the queue.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");

        // Immediate: of two processes that find an empty file one makes the tables, the other waits and finds them.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long version = Number(connection, "PRAGMA user_version"), application = Number(connection, "PRAGMA application_id");
        if (version == 0 && application == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Execute(connection, $"{schema} PRAGMA application_id = {applicationId}; PRAGMA user_version = {SchemaVersion}");
        }
        else if (application != applicationId)
        {
            throw new InvalidDataException($"{path} is the database of another program. Name another file.");
        }
        else if (version != SchemaVersion)
        {
            throw new InvalidDataException($"{path} has the schema version {version}; this program knows {SchemaVersion}. Use the program that made it.");
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
