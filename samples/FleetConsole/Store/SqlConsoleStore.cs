using System.Data.Common;
using System.Runtime.CompilerServices;
using IotOps.Samples.FleetConsole.Store.Sql;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A store over a SQL database: one set of tables and statements for SQLite and PostgreSQL.</summary>
public abstract class SqlConsoleStore : IConsoleStore
{
    private const int ThingsAtOnce = 500;

    private readonly ISqlDatabase _database;
    private readonly StoreRetention _retention;
    private readonly BatchWriter _writer;

    private protected SqlConsoleStore(ISqlDatabase database, StoreRetention? retention, TimeProvider clock)
    {
        _database = database;
        _retention = retention ?? new StoreRetention();
        _writer = new BatchWriter(database, clock);
    }

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(ConsoleBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _writer.WriteAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadPositionAsync(string feed, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.Position(connection, feed) is { } position ? new ReadOnlyMemory<byte>(position) : (ReadOnlyMemory<byte>?)null, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> MaintainAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        DateTimeOffset today = new(now.UtcDateTime.Date, TimeSpan.Zero);
        await _database.WriteAsync(
            connection =>
            {
                _database.PrepareDays(connection, today.ToUnixTimeMilliseconds(), today.AddDays(2).ToUnixTimeMilliseconds());
                return 0;
            },
            cancellationToken);
        long before = (today - _retention.Events).ToUnixTimeMilliseconds();

        // Told before it is done: what was dropped in part is not written again.
        await _database.WriteAsync(connection => connection.Run("INSERT INTO dropped (before) VALUES (@before) ON CONFLICT DO NOTHING", ("before", before)), cancellationToken);
        return await _database.DropAsync(today - _retention.Events, today - _retention.Minutes, today - _retention.Hours, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ErrorChart> ReadErrorChartAsync(ErrorQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ErrorReads.Chart(connection, query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TemplateCount>> ReadTemplatesAsync(ErrorQuery query, TimeSpan? before = null, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ErrorReads.Templates(connection, query, before), cancellationToken);

    /// <inheritdoc/>
    public Task<ErrorTemplate?> FindTemplateAsync(long id, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ErrorReads.One(connection, id), cancellationToken);

    /// <inheritdoc/>
    public Task<ErrorValues> ReadValuesAsync(ErrorQuery query, int top = 5, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ErrorReads.Values(connection, query, top), cancellationToken);

    /// <inheritdoc/>
    public Task<LinePage> ReadLinesAsync(LineQuery query, LineKey? after = null, int limit = 50, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => LineReads.Lines(connection, query, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadSegmentNamesAsync(CancellationToken cancellationToken = default) => ReadAsync(FactReads.SegmentNames, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SegmentConnectivity>> ReadConnectivityAsync(DateTimeOffset changedSince, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Segments(connection, changedSince), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConnectivityBar>> ReadConnectivityChartAsync(TimeRange range, TimeSpan bucket, string? segment = null, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Chart(connection, range, bucket, segment), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClientState>> ReadClientsAsync(
        string? segment = null, bool? isConnected = null, string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Clients(connection, segment, isConnected, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LifecycleRow>> ReadLifecycleAsync(TimeRange range, LineKey? after = null, int limit = 1_000, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Lifecycle(connection, range, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConsoleFinding>> ReadFindingsAsync(FindingQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Findings(connection, query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FindingAge>> ReadFindingAgesAsync(DateTimeOffset now, FindingSource? source = null, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Ages(connection, now, source), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrailRow>> ReadTrailAsync(TrailRowQuery query, LineKey? after = null, int limit = 50, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.Trail(connection, query, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrailHour>> ReadTrailHoursAsync(TimeRange range, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.TrailHours(connection, range), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrailActor>> ReadTrailActorsAsync(TimeRange range, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.TrailActors(connection, range), cancellationToken);

    /// <inheritdoc/>
    public Task<ThingFacts?> FindThingAsync(string thing, CancellationToken cancellationToken = default) => ReadAsync(connection => FactReads.Thing(connection, thing), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ThingFacts> ReadThingsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // By pages of names: an open read would keep the write-ahead log from shrinking while the caller works.
        string after = "";
        while (true)
        {
            string begin = after;
            List<ThingFacts> page = await ReadAsync(connection => FactReads.ThingsAfter(connection, begin, ThingsAtOnce), cancellationToken);
            foreach (ThingFacts thing in page)
            {
                yield return thing;
            }

            if (page.Count < ThingsAtOnce)
            {
                yield break;
            }

            after = page[^1].Name;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindThingNamesAsync(string beginning, int limit = 20, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.ThingNames(connection, beginning, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceDocument>> ReadDocumentsAsync(string thing, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.Documents(connection, thing), cancellationToken);

    /// <inheritdoc/>
    public Task<ClientState?> FindClientAsync(string client, CancellationToken cancellationToken = default) => ReadAsync(connection => ConnectionReads.Client(connection, client), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConnectionRow>> ReadConnectionsAsync(string client, TimeRange range, int limit = 100, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => ConnectionReads.Rows(connection, client, range, limit), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditRow row, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(connection => FactReads.AppendAudit(connection, row), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditRow>> ReadAuditAsync(long? before = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => FactReads.Audit(connection, before, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<StoreStatus> ReadStatusAsync(CancellationToken cancellationToken = default) => ReadAsync(FactReads.Status, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) => _database.ReadAsync(read, cancellationToken);
}
