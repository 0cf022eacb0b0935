using System.Data.Common;
using System.Text;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Reads the trail, things, documents, the console's audit and the store's status.</summary>
internal static class FactReads
{
    public static IReadOnlyList<TrailRow> Trail(DbConnection connection, TrailRowQuery query, LineKey? after, int limit)
    {
        StringBuilder sql = new("SELECT event_id, time, service, name, actor, credentials, address, resource, is_write, error, json FROM trail WHERE time >= @from AND time < @to");
        List<(string, object?)> values = [("from", query.Range.Since.ToUnixTimeMilliseconds()), ("to", query.Range.Until.ToUnixTimeMilliseconds()), ("limit", (long)limit)];
        if (query.IsWritesOnly)
        {
            sql.Append(" AND is_write = 1");
        }

        foreach ((string column, string? value) in new[] { ("service", query.Service), ("actor", query.Actor) })
        {
            if (value is not null)
            {
                sql.Append($" AND {column} = @{column}");
                values.Add((column, value));
            }
        }

        if (!string.IsNullOrEmpty(query.Text))
        {
            sql.Append(" AND (LOWER(name) LIKE @text ESCAPE '!' OR LOWER(resource) LIKE @text ESCAPE '!')");
            values.Add(("text", $"%{ConnectionReads.Like(query.Text.ToLowerInvariant())}%"));
        }

        if (after is { } key)
        {
            sql.Append(" AND (time, key) < (@afterTime, @afterKey)");
            values.AddRange([("afterTime", key.Time), ("afterKey", key.Key)]);
        }

        return connection.Query(
            sql.Append(" ORDER BY time DESC, key DESC LIMIT @limit").ToString(),
            reader => new TrailRow(reader.GetString(0), reader.Time(1), reader.GetString(2), reader.GetString(3))
            {
                Actor = reader.GetString(4),
                Credentials = (CloudTrailCredentials)reader.GetInt64(5),
                Address = NotEmpty(reader, 6),
                Resource = NotEmpty(reader, 7),
                IsWrite = reader.GetInt64(8) == 1,
                Error = NotEmpty(reader, 9),
                Json = reader.GetString(10),
            },
            [.. values]);
    }

    public static IReadOnlyList<TrailHour> TrailHours(DbConnection connection, TimeRange range)
    {
        const long Hour = 3_600_000;
        long from = Rollup.Start(range.Since.ToUnixTimeMilliseconds(), 60), to = range.Until.ToUnixTimeMilliseconds();
        var writes = connection.Query(
            "SELECT hour, writes FROM trail_counts WHERE hour >= @from AND hour < @to", reader => (Hour: reader.GetInt64(0), Writes: reader.GetInt64(1)), ("from", from), ("to", to))
            .GroupBy(one => one.Hour).ToDictionary(hour => hour.Key, hour => hour.Sum(one => one.Writes));
        var digests = connection.Query(
            "SELECT hour, verdict, detail FROM digests WHERE hour >= @from AND hour < @to",
            reader => (Hour: reader.GetInt64(0), Verdict: (DigestVerdict)reader.GetInt64(1), Detail: NotEmpty(reader, 2)), ("from", from), ("to", to)).ToDictionary(one => one.Hour);
        List<TrailHour> hours = [];
        for (long hour = from; hour < to; hour += Hour)
        {
            digests.TryGetValue(hour, out (long Hour, DigestVerdict Verdict, string? Detail) digest);
            hours.Add(new TrailHour(DateTimeOffset.FromUnixTimeMilliseconds(hour), writes.GetValueOrDefault(hour), digest.Verdict, digest.Detail));
        }

        return hours;
    }

    public static IReadOnlyList<TrailActor> TrailActors(DbConnection connection, TimeRange range) =>
    [
        .. connection.Query(
            "SELECT actor, credentials, writes FROM trail_counts WHERE hour >= @from AND hour < @to",
            reader => (Actor: reader.GetString(0), Credentials: (CloudTrailCredentials)reader.GetInt64(1), Writes: reader.GetInt64(2)),
            ("from", Rollup.Start(range.Since.ToUnixTimeMilliseconds(), 60)), ("to", range.Until.ToUnixTimeMilliseconds()))
            .GroupBy(one => (one.Actor, one.Credentials)).Select(actor => new TrailActor(actor.Key.Actor, actor.Key.Credentials, actor.Sum(one => one.Writes)))
            .OrderByDescending(actor => actor.Writes).ThenBy(actor => actor.Actor, StringComparer.Ordinal),
    ];

    public static ThingFacts? Thing(DbConnection connection, string thing) => Things(connection, "name = @name", 1, ("name", thing)).FirstOrDefault();

    public static List<ThingFacts> ThingsAfter(DbConnection connection, string after, int limit) => Things(connection, "name > @name", limit, ("name", after));

    public static IReadOnlyList<string> ThingNames(DbConnection connection, string beginning, int limit) => connection.Query(
        "SELECT name FROM things WHERE name LIKE @beginning ESCAPE '!' UNION SELECT client FROM clients WHERE client LIKE @beginning ESCAPE '!' ORDER BY 1 LIMIT @limit",
        reader => reader.GetString(0), ("beginning", $"{ConnectionReads.Like(beginning)}%"), ("limit", (long)limit));

    public static IReadOnlyList<DeviceDocument> Documents(DbConnection connection, string thing) => connection.Query(
        "SELECT name, time, json FROM documents WHERE thing = @thing ORDER BY name", reader => new DeviceDocument(thing, reader.GetString(0), reader.Time(1), reader.GetString(2)), ("thing", thing));

    public static int AppendAudit(DbConnection connection, AuditRow row) => connection.Run(
        "INSERT INTO audit (time, who, role, act, target, outcome, address, detail) VALUES (@time, @who, @role, @act, @target, @outcome, @address, @detail)",
        ("time", row.Time.ToUnixTimeMilliseconds()), ("who", Clean(row.Who)), ("role", Clean(row.Role)), ("act", Clean(row.Act)), ("target", Clean(row.Target)), ("outcome", Clean(row.Outcome)),
        ("address", Clean(row.Address)), ("detail", Clean(row.Detail)));

    public static IReadOnlyList<AuditRow> Audit(DbConnection connection, long? before, int limit) => connection.Query(
        "SELECT number, time, who, role, act, target, outcome, address, detail FROM audit WHERE number < @before ORDER BY number DESC LIMIT @limit",
        reader => new AuditRow(reader.Time(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), NotEmpty(reader, 5), reader.GetString(6))
        {
            Number = reader.GetInt64(0),
            Address = NotEmpty(reader, 7),
            Detail = NotEmpty(reader, 8),
        },
        ("before", before ?? long.MaxValue), ("limit", (long)limit));

    public static StoreStatus Status(DbConnection connection)
    {
        var feeds = connection.Query(
            "SELECT feed, written, events, newest FROM feeds ORDER BY feed",
            reader => (Feed: reader.GetString(0), Written: reader.Time(1), Events: reader.GetInt64(2), Newest: reader.GetInt64(3)));
        Dictionary<FindingSource, long> open = connection.Query(
            $"SELECT source, COUNT(*) FROM findings WHERE state = 0 AND severity >= {(int)FindingSeverity.High} GROUP BY source",
            reader => (Source: (FindingSource)reader.GetInt64(0), Count: reader.GetInt64(1))).ToDictionary(one => one.Source, one => one.Count);
        DigestHour? digest = connection.One(
            "SELECT hour, verdict, detail, checked FROM digests ORDER BY hour DESC LIMIT 1",
            reader => new DigestHour(reader.Time(0), (DigestVerdict)reader.GetInt64(1), NotEmpty(reader, 2), reader.Time(3)));
        long newest = feeds.Select(feed => feed.Newest).DefaultIfEmpty(0).Max();
        return new StoreStatus(
            feeds.Sum(feed => feed.Events), newest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(newest),

            [
                .. feeds.Where(feed => feed.Feed.Length > 0).GroupBy(feed => feed.Feed.Split('/', 2)[0], StringComparer.Ordinal)
                    .Select(feed => new FeedStatus(feed.Key, feed.Max(part => part.Written), feed.Sum(part => part.Events))),
            ], open, digest);
    }

    public static byte[]? Position(DbConnection connection, string feed) =>
        connection.One("SELECT position FROM feeds WHERE feed = @feed", reader => reader.GetFieldValue<byte[]>(0), ("feed", feed)) is { Length: > 0 } position ? position : null;

    public static IReadOnlyList<string> SegmentNames(DbConnection connection) =>
        [.. connection.Query("SELECT name FROM segments", reader => reader.GetString(0)).Order(StringComparer.Ordinal)];

    private static List<ThingFacts> Things(DbConnection connection, string where, int limit, (string, object?) value)
    {
        Dictionary<long, string[]> names = SegmentTable.Names(connection);
        return connection.Query(
            $"SELECT name, segments, json FROM things WHERE {where} ORDER BY name LIMIT @limit",
            reader => new ThingFacts(reader.GetString(0), names.GetValueOrDefault(reader.GetInt64(1)) ?? [], reader.GetString(2)), value, ("limit", (long)limit));
    }

    private static string Clean(string? text) => text?.Replace('\0', ' ') ?? "";

    private static string? NotEmpty(DbDataReader reader, int column) => reader.GetString(column) is { Length: > 0 } text ? text : null;
}
