using IotOps.Shared;
using Microsoft.Data.Sqlite;

namespace IotOps.Detect.Storing;

/// <summary>
/// One connection to a SQLite file, used by one caller after the other. SQLite has one writer at a time anyway, and its calls block: they run on
/// the thread pool, so that the caller's thread does not wait for the disk.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isClosed;

    private SqliteFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="InvalidDataException">The file is another one; it is left as it is.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static Task<SqliteFile> OpenAsync(string path, SqliteFileSchema schema, CancellationToken cancellationToken) =>
        Task.Run(() => new SqliteFile(SqliteOpening.Open(Path.GetFullPath(path), schema)), cancellationToken);

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
}
