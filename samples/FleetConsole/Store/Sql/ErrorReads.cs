using System.Data.Common;
using System.Runtime.InteropServices;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Reads errors: charts and templates from roll-ups, values from the lines.</summary>
internal static class ErrorReads
{
    private const int TrendParts = 12;

    public static ErrorChart Chart(DbConnection connection, ErrorQuery query)
    {
        int size = Rollup.SizeOf(query.Bucket);
        long length = (long)query.Bucket.TotalMilliseconds;
        ErrorBars bars = ErrorBars.Of(query);
        if (SegmentTable.Number(connection, query.Segment) is { } segment)
        {
            Dictionary<long, string> types = Types(connection);
            List<(long Start, long Type, long Errors)> rows = query.Template is { } template
                ? [.. connection.Query(
                    """
                    SELECT c.start, t.type, c.errors FROM template_counts c JOIN templates t ON t.id = c.template
                    WHERE c.size = @size AND c.segment = @segment AND c.template = @template AND c.start >= @from AND c.start < @to
                    """,
                    reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)),
                    ("size", (long)size), ("segment", segment), ("template", template), ("from", bars.ReadFrom), ("to", bars.To))]
                : [.. connection.Query(
                    "SELECT start, type, errors FROM type_counts WHERE size = @size AND segment = @segment AND start >= @from AND start < @to",
                    reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)),
                    ("size", (long)size), ("segment", segment), ("from", bars.ReadFrom), ("to", bars.To))];
            foreach ((long start, long type, long errors) in rows)
            {
                string name = types.GetValueOrDefault(type, "text");
                if (query.EventType is null || query.EventType == name)
                {
                    bars.Add(start - ((start - bars.ReadFrom) % length), name, errors);
                }
            }
        }

        return bars.Chart();
    }

    public static IReadOnlyList<TemplateCount> Templates(DbConnection connection, ErrorQuery query, TimeSpan? before)
    {
        if (SegmentTable.Number(connection, query.Segment) is not { } segment)
        {
            return [];
        }

        Dictionary<long, long[]> now = Counts(connection, query, segment, query.Range);
        Dictionary<long, long[]> then = before is { } time ? Counts(connection, query, segment, query.Range.Before(time)) : [];
        return
        [
            .. Find(connection, [.. now.Keys.Union(then.Keys)])
                .Where(template => query.EventType is null || query.EventType == (template.EventType ?? "text"))
                .Select(template => new TemplateCount(
                    template, now.GetValueOrDefault(template.Id)?.Sum() ?? 0, before is null ? null : then.GetValueOrDefault(template.Id)?.Sum() ?? 0, now.GetValueOrDefault(template.Id) ?? new long[TrendParts]))
                .OrderByDescending(one => one.Errors).ThenByDescending(one => one.Before).ThenBy(one => one.Template.Id),
        ];
    }

    public static IReadOnlyList<ErrorTemplate> Find(DbConnection connection, IReadOnlyList<long> ids)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        Dictionary<long, string> types = Types(connection);
        return connection.Query(
            $"SELECT id, type, reason, text, first_seen, last_seen FROM templates WHERE id IN ({string.Join(',', ids)})",
            reader => new ErrorTemplate(
                reader.GetInt64(0), types.GetValueOrDefault(reader.GetInt64(1)), reader.GetString(2) is { Length: > 0 } reason ? reason : null, reader.GetString(3), reader.Time(4), reader.Time(5)));
    }

    public static ErrorTemplate? One(DbConnection connection, long id) => Find(connection, [id]) is [var one] ? one : null;

    public static ErrorValues Values(DbConnection connection, ErrorQuery query, int top)
    {
        if (LineReads.Where(connection, new LineQuery(query)) is not { } where)
        {
            return new ErrorValues(0, 0, Count([], top, []), Count([], top, []), Count([], top, []), Count([], top, []));
        }

        List<(long Client, long Principal, long Address, long Rule)> rows = connection.Query(
            $"SELECT client, principal, address, rule FROM lines WHERE {where.Sql} ORDER BY time DESC LIMIT {ErrorValues.Most}",
            reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)), [.. where.Values]);
        long total = rows.Count < ErrorValues.Most ? rows.Count : Total(connection, query);
        long[] shown = [.. new[] { rows.Select(row => row.Client), rows.Select(row => row.Principal), rows.Select(row => row.Address), rows.Select(row => row.Rule) }.SelectMany(values => Top(values, top)).Select(one => one.Key)];
        Dictionary<long, string> names = Names(connection, shown);
        return new ErrorValues(
            total, rows.Count, Count(rows.Select(row => row.Client), top, names), Count(rows.Select(row => row.Principal), top, names),
            Count(rows.Select(row => row.Address), top, names), Count(rows.Select(row => row.Rule), top, names));
    }

    private static Dictionary<long, long[]> Counts(DbConnection connection, ErrorQuery query, long segment, TimeRange range)
    {
        Dictionary<long, long[]> counts = [];
        long since = range.Since.ToUnixTimeMilliseconds();
        double part = Math.Max(1, range.Length.TotalMilliseconds / TrendParts);
        foreach ((int size, long from, long to) in Rollup.Parts(range))
        {
            // By template from the index: each is looked for by itself, so that only rows of the range are read.
            foreach ((long template, long start, long errors) in connection.Query(
                $"""
                SELECT c.template, c.start, c.errors FROM templates t JOIN template_counts c ON c.template = t.id
                WHERE c.size = @size AND c.segment = @segment AND c.start >= @from AND c.start < @to AND t.last_seen >= @from{(query.Template is null ? "" : " AND t.id = @template")}
                """,
                reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)),
                [("size", (long)size), ("segment", segment), ("from", from), ("to", to), .. query.Template is { } one ? new (string, object?)[] { ("template", one) } : []]))
            {
                ref long[]? trend = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, template, out _);
                trend ??= new long[TrendParts];
                trend[Math.Clamp((int)((start - since) / part), 0, TrendParts - 1)] += errors;
            }
        }

        return counts;
    }

    private static long Total(DbConnection connection, ErrorQuery query) =>
        SegmentTable.Number(connection, query.Segment) is { } segment ? Counts(connection, query, segment, query.Range).Values.Sum(trend => trend.Sum()) : 0;

    private static IEnumerable<KeyValuePair<long, long>> Top(IEnumerable<long> values, int top) =>
        values.Where(value => value != 0).CountBy(value => value).Select(one => KeyValuePair.Create(one.Key, (long)one.Value)).OrderByDescending(one => one.Value).ThenBy(one => one.Key).Take(top);

    private static ValueCounts Count(IEnumerable<long> values, int top, Dictionary<long, string> names) => new(
        values.Where(value => value != 0).Distinct().Count(), [.. Top(values, top).Select(one => KeyValuePair.Create(names.GetValueOrDefault(one.Key, "?"), one.Value))]);

    private static Dictionary<long, string> Names(DbConnection connection, long[] ids) => ids.Length == 0
        ? []
        : connection.Query($"SELECT id, name FROM names WHERE id IN ({string.Join(',', ids.Distinct())})", reader => (Id: reader.GetInt64(0), Name: reader.GetString(1))).ToDictionary(one => one.Id, one => one.Name);

    private static Dictionary<long, string> Types(DbConnection connection) =>
        connection.Query("SELECT id, name FROM types", reader => (Id: reader.GetInt64(0), Name: reader.GetString(1))).ToDictionary(one => one.Id, one => one.Name);
}
