using Microsoft.Data.Sqlite;

namespace IotOps.Shared;

/// <summary>
/// Opens the SQLite file of a program, or makes it for its owner alone: it may tell of people and secrets. A file that is another program's, of another
/// version or damaged is refused and left as it is.
/// </summary>
internal static class SqliteOpening
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    /// <summary>Opens a connection that writes, with the tables that the program needs.</summary>
    /// <param name="path">The file; its folder is made too.</param>
    /// <param name="schema">The tables and what tells the file from others.</param>
    /// <param name="settings">PRAGMAs of each connection of the program; empty for none.</param>
    /// <exception cref="InvalidDataException">The file is another one, or damaged.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static SqliteConnection Open(string path, SqliteFileSchema schema, string settings = "")
    {
        try
        {
            MakeFile(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be opened or made: {e.Message}", e);
        }

        SqliteConnection? connection = null;
        try
        {
            connection = Connect(path, settings);
            Prepare(connection, path, schema);
            return connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw e.SqliteErrorCode is NotADatabase or Corrupt
                ? new InvalidDataException($"{path} is not a SQLite database, or is damaged: {e.Message} Move it away to begin with an empty one.", e)
                : new IOException($"SQLite could not open {path}: {e.Message} (code {e.SqliteExtendedErrorCode}).", e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Opens one more connection to a file that <see cref="Open"/> has opened.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">PRAGMAs of it; empty for none.</param>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public static SqliteConnection Connect(string path, string settings)
    {
        // No pool: connections live as long as the store, and pooled ones would keep the file open behind it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            if (settings.Length > 0)
            {
                Execute(connection, settings);
            }

            return connection;
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

    private static void Prepare(SqliteConnection connection, string path, SqliteFileSchema schema)
    {
        // FULL syncs the log at each commit: NORMAL may lose the last commits in a power loss, although their messages were deleted where they came from.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");

        // Immediate: of two processes that find an empty file one makes the tables, the other waits and finds them.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long version = Number(connection, "PRAGMA user_version"), application = Number(connection, "PRAGMA application_id");
        if (version == 0 && application == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Execute(connection, $"{schema.Tables} PRAGMA application_id = {schema.ApplicationId}; PRAGMA user_version = {schema.Version}");
        }
        else if (application != schema.ApplicationId)
        {
            throw new InvalidDataException($"{path} is the database of another program. Name another file.");
        }
        else if (version != schema.Version)
        {
            throw new InvalidDataException($"{path} has the schema version {version}; this program knows {schema.Version}. Use the program that made it.");
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
