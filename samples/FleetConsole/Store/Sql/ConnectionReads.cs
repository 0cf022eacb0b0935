using System.Data.Common;
using System.Text;
using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Reads who is connected, and findings.</summary>
internal static class ConnectionReads
{
    private const string ClientColumns = "client, connected, since, reason, address, principal";

    public static IReadOnlyList<SegmentConnectivity> Segments(DbConnection connection, DateTimeOffset changedSince)
    {
        Dictionary<long, string[]> names = SegmentTable.Names(connection);
        var all = new SegmentConnectivity("", 0, 0, 0);
        SortedDictionary<string, SegmentConnectivity> segments = new(StringComparer.Ordinal);
        foreach ((long set, long things, long online, long changed) in connection.Query(
            "SELECT segments, COUNT(*), SUM(connected), SUM(CASE WHEN since >= @since THEN 1 ELSE 0 END) FROM clients GROUP BY segments",
            reader => (reader.GetInt64(0), reader.GetInt64(1), Convert.ToInt64(reader.GetValue(2), null), Convert.ToInt64(reader.GetValue(3), null)),
            ("since", changedSince.ToUnixTimeMilliseconds())))
        {
            all = Add(all);
            foreach (string name in names.GetValueOrDefault(set) ?? [])
            {
                segments[name] = Add(segments.GetValueOrDefault(name) ?? new SegmentConnectivity(name, 0, 0, 0));
            }

            SegmentConnectivity Add(SegmentConnectivity to) => to with { Things = to.Things + things, Online = to.Online + online, Changed = to.Changed + changed };
        }

        return [all, .. segments.Values];
    }

    public static IReadOnlyList<ConnectivityBar> Chart(DbConnection connection, TimeRange range, TimeSpan bucket, string? segment)
    {
        int size = Rollup.SizeOf(bucket);
        long length = (long)bucket.TotalMilliseconds;
        long from = Rollup.Start(range.Since.ToUnixTimeMilliseconds(), (int)bucket.TotalMinutes), to = range.Until.ToUnixTimeMilliseconds();
        var bars = new (long Connected, long Disconnected, long Refused, long Offline)[Math.Max(1, (to - from + length - 1) / length)];
        long after = 0, offline = 0;
        if (SegmentTable.Number(connection, segment) is { } number)
        {
            foreach ((long start, long connected, long disconnected, long refused, long change) in connection.Query(
                "SELECT start, connected, disconnected, refused, offline FROM connection_counts WHERE size = @size AND segment = @segment AND start >= @from AND start < @to",
                reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
                ("size", (long)size), ("segment", number), ("from", from), ("to", from + (bars.Length * length))))
            {
                ref (long Connected, long Disconnected, long Refused, long Offline) bar = ref bars[(start - from) / length];
                bar = (bar.Connected + connected, bar.Disconnected + disconnected, bar.Refused + refused, bar.Offline + change);
            }

            // Today's number is known; what changed after the range is taken off it, by the hour where that is possible.
            foreach ((int part, long begin, long end) in Rollup.Parts(new TimeRange(DateTimeOffset.FromUnixTimeMilliseconds(from + (bars.Length * length)), DateTimeOffset.FromUnixTimeMilliseconds(long.Max(from, 0)).AddDays(36_500))).Take(3))
            {
                after += connection.One(
                    "SELECT COALESCE(SUM(offline), 0) FROM connection_counts WHERE size = @size AND segment = @segment AND start >= @from AND start < @to",
                    reader => Convert.ToInt64(reader.GetValue(0), null), ("size", (long)part), ("segment", number), ("from", begin), ("to", end));
            }

            offline = Segments(connection, DateTimeOffset.MaxValue).First(one => one.Segment == (segment ?? "")).Offline;
        }

        var result = new ConnectivityBar[bars.Length];
        offline -= after;
        for (int i = bars.Length - 1; i >= 0; i--)
        {
            result[i] = new ConnectivityBar(DateTimeOffset.FromUnixTimeMilliseconds(from + (i * length)), bars[i].Connected, bars[i].Disconnected, bars[i].Refused, Math.Max(0, offline));
            offline -= bars[i].Offline;
        }

        return result;
    }

    public static IReadOnlyList<ClientState> Clients(DbConnection connection, string? segment, bool? isConnected, string? after, int limit)
    {
        StringBuilder sql = new($"SELECT {ClientColumns} FROM clients WHERE client > @after");
        List<(string, object?)> values = [("after", after ?? ""), ("limit", (long)limit)];
        if (isConnected is { } connected)
        {
            sql.Append(" AND connected = @connected");
            values.Add(("connected", connected ? 1L : 0L));
        }

        if (!string.IsNullOrEmpty(segment))
        {
            sql.Append($" AND segments IN ({string.Join(',', SegmentTable.SetsWith(connection, segment).Prepend(-1))})");
        }

        return connection.Query(sql.Append(" ORDER BY client LIMIT @limit").ToString(), Client, [.. values]);
    }

    public static ClientState? Client(DbConnection connection, string client) =>
        connection.One($"SELECT {ClientColumns} FROM clients WHERE client = @client", Client, ("client", client));

    public static IReadOnlyList<ConnectionRow> Rows(DbConnection connection, string client, TimeRange range, int limit) => connection.Query(
        "SELECT time, kind, reason, address, principal FROM connections WHERE client = @client AND time >= @from AND time < @to ORDER BY time DESC, version DESC, kind DESC LIMIT @limit",
        reader => new ConnectionRow(reader.Time(0), (LifecycleEventKind)reader.GetInt64(1), NotEmpty(reader, 2), NotEmpty(reader, 3), NotEmpty(reader, 4)),
        ("client", client), ("from", range.Since.ToUnixTimeMilliseconds()), ("to", range.Until.ToUnixTimeMilliseconds()), ("limit", (long)limit));

    public static IReadOnlyList<LifecycleRow> Lifecycle(DbConnection connection, TimeRange range, LineKey? after, int limit)
    {
        List<(string, object?)> values = [("from", range.Since.ToUnixTimeMilliseconds()), ("to", range.Until.ToUnixTimeMilliseconds()), ("limit", (long)limit)];
        if (after is { } key)
        {
            values.AddRange([("afterTime", key.Time), ("afterKey", key.Key)]);
        }

        return connection.Query(
            $"""
            SELECT time, key, client, kind, version, session, reason, address, principal FROM connections
            WHERE time >= @from AND time < @to{(after is null ? "" : " AND (time, key) > (@afterTime, @afterKey)")} ORDER BY time, key LIMIT @limit
            """,
            reader =>
            {
                var kind = (LifecycleEventKind)reader.GetInt64(3);
                string? reason = NotEmpty(reader, 6);
                return new LifecycleRow(new LineKey(reader.GetInt64(0), reader.GetInt64(1)), new LifecycleEvent(kind, reader.GetString(2), reader.Time(0))
                {
                    Version = reader.GetInt64(4) is var version && version == ConnectionWriter.NoVersion ? null : version,
                    Session = NotEmpty(reader, 5),
                    DisconnectReason = kind == LifecycleEventKind.Disconnected ? reason : null,
                    ConnectFailureReason = kind == LifecycleEventKind.ConnectFailed ? reason : null,
                    IPAddress = NotEmpty(reader, 7),
                    Principal = NotEmpty(reader, 8),
                });
            },
            [.. values]);
    }

    public static IReadOnlyList<ConsoleFinding> Findings(DbConnection connection, FindingQuery query)
    {
        StringBuilder sql = new(
            "SELECT key, source, severity, check_name, resource, detail, found, updated, thing, state, count, expected, probability, members, json FROM findings WHERE severity >= @least AND severity <= @most");
        List<(string, object?)> values = [("least", (long)query.Severity), ("most", (long)query.MostSeverity), ("limit", (long)query.Limit), ("skip", (long)query.Skip)];
        if (query.Sources.Count > 0)
        {
            sql.Append($" AND source IN ({string.Join(',', query.Sources.Select(source => (int)source))})");
        }

        if (query.State is { } state)
        {
            sql.Append(" AND state = @state");
            values.Add(("state", (long)state));
        }

        if (query.Found is { } found)
        {
            sql.Append(" AND found >= @from AND found < @to");
            values.AddRange([("from", found.Since.ToUnixTimeMilliseconds()), ("to", found.Until.ToUnixTimeMilliseconds())]);
        }

        if (query.Thing is { } thing)
        {
            // A member is a whole text of the JSON array: its quotes are part of what is looked for.
            sql.Append(" AND (thing = @thing OR members LIKE @member ESCAPE '!')");
            string member = JsonSerializer.Serialize([thing], StoreJson.Default.IReadOnlyListString)[1..^1];
            values.AddRange([("thing", thing), ("member", $"%{Like(member)}%")]);
        }

        return connection.Query(sql.Append(" ORDER BY severity DESC, found DESC, key LIMIT @limit OFFSET @skip").ToString(), Finding, [.. values]);
    }

    public static IReadOnlyList<FindingAge> Ages(DbConnection connection, DateTimeOffset now, FindingSource? source)
    {
        List<(string, object?)> values = [("day", now.AddDays(-1).ToUnixTimeMilliseconds()), ("week", now.AddDays(-8).ToUnixTimeMilliseconds()), ("month", now.AddDays(-31).ToUnixTimeMilliseconds())];
        if (source is { } one)
        {
            values.Add(("source", (long)one));
        }

        Dictionary<long, FindingAge> ages = connection.Query(
            $"""
            SELECT severity, SUM(CASE WHEN found > @day THEN 1 ELSE 0 END), SUM(CASE WHEN found <= @day AND found > @week THEN 1 ELSE 0 END),
                SUM(CASE WHEN found <= @week AND found > @month THEN 1 ELSE 0 END), SUM(CASE WHEN found <= @month THEN 1 ELSE 0 END)
            FROM findings WHERE state = 0{(source is null ? "" : " AND source = @source")} GROUP BY severity
            """,
            reader => new FindingAge((FindingSeverity)reader.GetInt64(0), Number(reader, 1), Number(reader, 2), Number(reader, 3), Number(reader, 4)),
            [.. values]).ToDictionary(age => (long)age.Severity);
        return [.. new[] { FindingSeverity.Critical, FindingSeverity.High, FindingSeverity.Medium, FindingSeverity.Low }.Select(severity => ages.GetValueOrDefault((long)severity) ?? new FindingAge(severity, 0, 0, 0, 0)),
            .. ages.TryGetValue((long)FindingSeverity.Unknown, out FindingAge? unknown) ? new[] { unknown } : []];
    }

    internal static string Like(string text) => text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);

    private static long Number(DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), null);

    private static string? NotEmpty(DbDataReader reader, int column) => reader.GetString(column) is { Length: > 0 } text ? text : null;

    private static ClientState Client(DbDataReader reader) => new(reader.GetString(0), reader.GetInt64(1) == 1, reader.Time(2))
    {
        Reason = NotEmpty(reader, 3),
        Address = NotEmpty(reader, 4),
        Principal = NotEmpty(reader, 5),
    };

    private static ConsoleFinding Finding(DbDataReader reader) => new(
        reader.GetString(0), (FindingSource)reader.GetInt64(1), (FindingSeverity)reader.GetInt64(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.Time(6), reader.Time(7))
    {
        Thing = NotEmpty(reader, 8),
        State = (FindingState)reader.GetInt64(9),
        Count = reader.GetInt64(10) is var count && count < 0 ? null : count,
        Expected = reader.GetDouble(11) is var expected && expected < 0 ? null : expected,
        Probability = reader.GetDouble(12) is var probability && probability < 0 ? null : probability,
        Members = JsonSerializer.Deserialize(reader.GetString(13), StoreJson.Default.IReadOnlyListString) ?? [],
        Json = NotEmpty(reader, 14),
    };
}
