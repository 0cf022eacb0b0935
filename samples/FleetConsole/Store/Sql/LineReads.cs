using System.Data.Common;
using System.Text;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Reads lines.</summary>
internal static class LineReads
{
    public static LinePage Lines(DbConnection connection, LineQuery query, LineKey? after, int limit)
    {
        if (Where(connection, query) is not { } where)
        {
            return new LinePage([], null);
        }

        List<LogLineRow> lines = query.Client is null ? Page(connection, where, query.IsNewestFirst, after, limit + 1) : ClientPage(connection, where, query, after, limit + 1);
        if (lines.Count <= limit)
        {
            return new LinePage(lines, null);
        }

        lines.RemoveAt(limit);
        return new LinePage(lines, lines[^1].Key);
    }

    // Null when nothing can match: a name that no line has.
    public static (string Sql, List<(string Name, object? Value)> Values)? Where(DbConnection connection, LineQuery query)
    {
        ErrorQuery errors = query.Errors;

        // A plus keeps the time from the choice of an index: beside the one by client its range looks cheaper than it is.
        StringBuilder sql = new(query.Client is null ? "time >= @from AND time < @to" : "+time >= @from AND +time < @to");
        List<(string Name, object? Value)> values = [("from", errors.Range.Since.ToUnixTimeMilliseconds()), ("to", errors.Range.Until.ToUnixTimeMilliseconds())];
        foreach ((string column, string? name) in new[] { ("client", query.Client), ("principal", query.Principal), ("address", query.Address), ("rule", query.Rule) })
        {
            if (name is null)
            {
                continue;
            }

            long id = connection.One("SELECT id FROM names WHERE name = @name", reader => reader.GetInt64(0), ("name", name));
            if (id == 0)
            {
                return null;
            }

            sql.Append($" AND {column} = @{column}");
            values.Add((column, id));
        }

        if (errors.Template is { } template)
        {
            sql.Append(" AND template = @template");
            values.Add(("template", template));
        }

        if (errors.EventType is { } type)
        {
            sql.Append(" AND template IN (SELECT t.id FROM templates t LEFT JOIN types y ON y.id = t.type WHERE COALESCE(y.name, 'text') = @type)");
            values.Add(("type", type));
        }

        if (!string.IsNullOrEmpty(errors.Segment))
        {
            IReadOnlyList<long> sets = SegmentTable.SetsWith(connection, errors.Segment);
            if (sets.Count == 0)
            {
                return null;
            }

            sql.Append($" AND segments IN ({string.Join(',', sets)})");
        }

        return (sql.ToString(), values);
    }

    private static List<LogLineRow> Page(DbConnection connection, (string Sql, List<(string, object?)> Values) where, bool isNewestFirst, LineKey? after, int limit)
    {
        StringBuilder sql = new($"SELECT l.time, l.key, l.template, n.name, l.line FROM lines l LEFT JOIN names n ON n.id = l.client WHERE {where.Sql}");
        List<(string, object?)> values = [.. where.Values, ("limit", (long)limit)];
        if (after is { } key)
        {
            sql.Append(isNewestFirst ? " AND (l.time, l.key) < (@afterTime, @afterKey)" : " AND (l.time, l.key) > (@afterTime, @afterKey)");
            values.AddRange([("afterTime", key.Time), ("afterKey", key.Key)]);
        }

        sql.Append(isNewestFirst ? " ORDER BY l.time DESC, l.key DESC LIMIT @limit" : " ORDER BY l.time, l.key LIMIT @limit");
        return connection.Query(
            sql.ToString(),
            reader => new LogLineRow(
                new LineKey(reader.GetInt64(0), reader.GetInt64(1)), reader.Time(0), reader.GetInt64(2), reader.Text(3), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(4))),
            [.. values]);
    }

    // Slot by slot of the index by client, until there are enough.
    private static List<LogLineRow> ClientPage(DbConnection connection, (string Sql, List<(string, object?)> Values) where, LineQuery query, LineKey? after, int limit)
    {
        (long oldest, long newest) = connection.One("SELECT COALESCE(MIN(time), 0), COALESCE(MAX(time), -1) FROM lines", reader => (reader.GetInt64(0), reader.GetInt64(1)));
        long from = Math.Max(oldest, query.Errors.Range.Since.ToUnixTimeMilliseconds()), to = Math.Min(newest, query.Errors.Range.Until.ToUnixTimeMilliseconds());
        (from, to) = after is { } key ? query.IsNewestFirst ? (from, Math.Min(to, key.Time)) : (Math.Max(from, key.Time), to) : (from, to);
        List<LogLineRow> lines = [];
        foreach ((long first, long last) in TimeSlots.Of(from, to, query.IsNewestFirst))
        {
            string sql = $"time / {TimeSlots.Length} IN ({string.Join(',', Slots(first, last))}) AND {where.Sql}";
            lines.AddRange(Page(connection, (sql, where.Values), query.IsNewestFirst, after, limit - lines.Count));
            if (lines.Count >= limit)
            {
                break;
            }
        }

        return lines;

        static IEnumerable<long> Slots(long first, long last)
        {
            for (long slot = first; slot <= last; slot++)
            {
                yield return slot;
            }
        }
    }
}
