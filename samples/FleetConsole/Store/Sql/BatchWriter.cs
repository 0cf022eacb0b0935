using System.Data.Common;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Writes a batch in one transaction: events, what is counted of them, and the feed's position.</summary>
internal sealed class BatchWriter
{
    private readonly ISqlDatabase _database;
    private readonly SegmentTable _segments;
    private readonly ErrorWriter _errors;
    private readonly ConnectionWriter _connections;
    private readonly FactWriter _facts;
    private readonly TimeProvider _clock;

    public BatchWriter(ISqlDatabase database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
        _segments = new SegmentTable(clock);
        _errors = new ErrorWriter(database, _segments);
        _connections = new ConnectionWriter(database, _segments);
        _facts = new FactWriter(database, _segments);
    }

    public Task<AppendResult> WriteAsync(ConsoleBatch batch, CancellationToken cancellationToken) =>
        _database.WriteAsync(connection => Write(connection, batch), cancellationToken);

    // What was learned within a transaction that failed is in no table.
    private AppendResult Write(DbConnection connection, ConsoleBatch batch)
    {
        try
        {
            return WriteAll(connection, batch);
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>What is known of the tables is read again.</summary>
    public void Forget()
    {
        _segments.Forget();
        _errors.Forget();
    }

    private AppendResult WriteAll(DbConnection connection, ConsoleBatch batch)
    {
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var refusals = new Refusals(now, connection.One("SELECT MAX(before) FROM dropped", reader => reader.IsDBNull(0) ? long.MinValue : reader.GetInt64(0)));
        int facts = _facts.WriteThings(connection, batch.Things, refusals) + FactWriter.WriteDocuments(connection, batch.Documents, refusals);
        int events = _errors.Write(connection, batch.Errors, refusals)
            + _connections.Write(connection, batch.Lifecycle, refusals)
            + _facts.WriteTrail(connection, batch.Trail, refusals);
        facts += FactWriter.WriteDigests(connection, batch.Digests) + FactWriter.WriteFindings(connection, batch.Findings, refusals);
        SaveFeed(connection, batch, now, events);
        int added = events + facts;
        return new AppendResult(added, Math.Max(0, batch.Count - added - refusals.Told.Count), refusals.Told);
    }

    private static void SaveFeed(DbConnection connection, ConsoleBatch batch, long now, int events)
    {
        long newest = batch.Errors.Select(error => error.Entry.Time).OfType<DateTimeOffset>().Concat(batch.Lifecycle.Select(one => one.Time)).Concat(batch.Trail.Select(one => one.Time))
            .Select(time => time.ToUnixTimeMilliseconds()).Where(time => time <= now + 86_400_000).DefaultIfEmpty(0).Max();
        connection.Run(
            """
            INSERT INTO feeds (feed, position, written, events, newest) VALUES (@feed, @position, @written, @events, @newest)
            ON CONFLICT (feed) DO UPDATE SET position = excluded.position, written = excluded.written, events = feeds.events + excluded.events,
                newest = CASE WHEN feeds.newest < excluded.newest THEN excluded.newest ELSE feeds.newest END
            """,
            ("feed", batch.Feed ?? ""), ("position", batch.Position.ToArray()), ("written", now), ("events", (long)events), ("newest", newest));
    }
}
