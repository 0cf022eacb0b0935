using System.Globalization;
using System.Text;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>
/// A query of CloudWatch Logs Insights that was read: fields, display, parse, filter, stats, sort and limit.
/// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html.
/// </summary>
internal sealed class QueryPlan
{
    private const int MaxRows = 10_000;

    private static readonly string[] Commands = ["fields", "display", "parse", "filter", "stats", "sort", "limit"];

    private readonly List<Func<IEnumerable<QueryRow>, QueryCounts, IEnumerable<QueryRow>>> _steps = [];
    private List<(string Name, string Field)> _columns = [];
    private int? _limit;
    private bool _isSorted;
    private bool _isAggregated;

    private QueryPlan()
    {
    }

    /// <exception cref="Http.Refusal">It is not a query, or has a command that is not here.</exception>
    public static QueryPlan Parse(string text)
    {
        var plan = new QueryPlan();
        var reader = new QueryReader(text);
        do
        {
            if (reader.Next.Kind != QueryTokenKind.Name || !Commands.Contains(reader.Next.Text, StringComparer.OrdinalIgnoreCase))
            {
                throw QueryReader.Malformed(reader.Next.Kind == QueryTokenKind.End
                    ? "A command is missing at the end of the query."
                    : $"The emulator's queries have no command '{reader.Next.Text}'; they have {string.Join(", ", Commands)}.");
            }

            plan.ReadCommand(reader.Take().Text.ToLowerInvariant(), reader);
        }
        while (reader.TryTakeSymbol("|"));
        return reader.Next.Kind == QueryTokenKind.End ? plan : throw reader.Unexpected("'|'");
    }

    /// <summary>Runs it over events in the order of time.</summary>
    /// <param name="events">Those of the groups and the time that are asked for.</param>
    /// <param name="limit">Rows at most, when the query itself has no limit.</param>
    public QueryResult Run(IEnumerable<QueryEvent> events, int? limit)
    {
        var counts = new QueryCounts();
        IEnumerable<QueryRow> rows = _steps.Aggregate(Rows(events, counts), (found, step) => step(found, counts));
        if (!_isSorted && !_isAggregated)
        {
            rows = NewestFirst(rows);
        }

        IReadOnlyList<(string Field, string Value)>[] results = [.. rows.Take(_limit ?? limit ?? MaxRows).Select(Columns)];
        return new QueryResult(results, counts.Matched ?? counts.Scanned, counts.Scanned, counts.Bytes);
    }

    private static IEnumerable<QueryRow> Rows(IEnumerable<QueryEvent> events, QueryCounts counts)
    {
        foreach (QueryEvent one in events)
        {
            counts.Scanned++;
            counts.Bytes += Encoding.UTF8.GetByteCount(one.Message);
            yield return new QueryRow(one);
        }
    }

    private static IEnumerable<QueryRow> NewestFirst(IEnumerable<QueryRow> rows) => rows.OrderByDescending(static row => row.Source!.Timestamp);

    private IReadOnlyList<(string Field, string Value)> Columns(QueryRow row)
    {
        IEnumerable<(string Name, string Field)> columns = _columns.Count > 0 ? _columns : [("@timestamp", "@timestamp"), ("@message", "@message")];
        List<(string Field, string Value)> values = [.. columns.Select(one => (one.Name, Value: row.Find(one.Field))).Where(static one => one.Value is not null).Select(static one => (one.Name, one.Value!))];
        if (!_isAggregated)
        {
            values.Add(("@ptr", row.Source!.Pointer));
        }

        return values;
    }

    private void ReadCommand(string command, QueryReader reader)
    {
        switch (command)
        {
            case "fields":
                _columns.AddRange(ReadFields(reader));
                break;
            case "display":
                _columns = ReadFields(reader);
                break;
            case "parse":
                Action<QueryRow> parse = QueryParse.Read(reader);
                _steps.Add((rows, _) => rows.Select(row =>
                {
                    parse(row);
                    return row;
                }));
                break;
            case "filter":
                Func<QueryRow, bool> condition = QueryCondition.Read(reader);
                bool isOfEvents = !_isAggregated;
                _steps.Add((rows, counts) => Filter(rows, condition, isOfEvents ? counts : new QueryCounts()));
                break;
            case "stats":
                ReadStats(reader);
                break;
            case "sort":
                ReadSort(reader);
                break;
            default:
                ReadLimit(reader);
                break;
        }
    }

    private List<(string Name, string Field)> ReadFields(QueryReader reader)
    {
        List<(string Name, string Field)> fields = [];
        do
        {
            string field = reader.TakeField();
            string name = reader.TakeAlias() ?? field;
            if (name != field)
            {
                _steps.Add((rows, _) => rows.Select(row =>
                {
                    row.Set(name, row.Find(field));
                    return row;
                }));
            }

            fields.Add((name, name));
        }
        while (reader.TryTakeSymbol(","));
        return fields;
    }

    private void ReadStats(QueryReader reader)
    {
        List<QueryAggregate> aggregates = [];
        List<QueryGroup> groups = [];
        do
        {
            aggregates.Add(QueryAggregate.Read(reader));
        }
        while (reader.TryTakeSymbol(","));
        if (reader.TryTakeWord("by"))
        {
            do
            {
                groups.Add(QueryGroup.Read(reader));
            }
            while (reader.TryTakeSymbol(","));
        }

        _steps.Add((rows, _) => Aggregate(rows, aggregates, groups));
        _columns = [.. groups.Select(static one => (one.Name, one.Name)), .. aggregates.Select(static one => (one.Name, one.Name))];
        (_isAggregated, _isSorted) = (true, false);
    }

    private static IEnumerable<QueryRow> Filter(IEnumerable<QueryRow> rows, Func<QueryRow, bool> condition, QueryCounts counts)
    {
        counts.Matched = 0;
        foreach (QueryRow row in rows.Where(condition))
        {
            counts.Matched++;
            yield return row;
        }
    }

    private static IEnumerable<QueryRow> Aggregate(IEnumerable<QueryRow> rows, List<QueryAggregate> aggregates, List<QueryGroup> groups)
    {
        foreach (IGrouping<string, QueryRow> group in rows.GroupBy(row => string.Join('\0', groups.Select(one => one.Of(row) ?? "\u0001")), StringComparer.Ordinal))
        {
            QueryRow[] members = [.. group];
            var row = new QueryRow(source: null);
            foreach (QueryGroup one in groups)
            {
                row.Set(one.Name, one.Of(members[0]));
            }

            foreach (QueryAggregate aggregate in aggregates)
            {
                row.Set(aggregate.Name, aggregate.Of(members));
            }

            yield return row;
        }
    }

    private void ReadSort(QueryReader reader)
    {
        List<(string Field, bool IsDescending)> keys = [];
        do
        {
            // Of a function of stats its column is meant.
            string field = reader.Next.Kind == QueryTokenKind.Name ? ReadColumn(reader) : reader.TakeField();
            bool isDescending = reader.TryTakeWord("desc");
            _ = isDescending || reader.TryTakeWord("asc");
            keys.Add((field, isDescending));
        }
        while (reader.TryTakeSymbol(","));
        _isSorted = true;
        _steps.Add((rows, _) => keys.Aggregate(
            rows.OrderBy(static _ => 0),
            static (sorted, key) => key.IsDescending
                ? sorted.ThenByDescending(row => row.Find(key.Field), QueryValues.Order)
                : sorted.ThenBy(row => row.Find(key.Field), QueryValues.Order)));
    }

    private static string ReadColumn(QueryReader reader)
    {
        string name = reader.Take().Text;
        if (!reader.TryTakeSymbol("("))
        {
            return name;
        }

        string argument = reader.TryTakeSymbol("*") || reader.Next.IsSymbol(")") ? "*" : reader.Take().Text;
        reader.TakeSymbol(")");
        return $"{name.ToLowerInvariant()}({argument})";
    }

    private void ReadLimit(QueryReader reader)
    {
        QueryToken token = reader.Take();
        _limit = token.Kind == QueryTokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is > 0 and <= MaxRows
            ? limit
            : throw QueryReader.Malformed($"limit is a number from 1 to {MaxRows}, not '{token.Text}'.");
        (int most, bool newestFirst) = (_limit.Value, !_isSorted && !_isAggregated);
        _steps.Add((rows, _) => (newestFirst ? NewestFirst(rows) : rows).Take(most));
        _isSorted = true;
    }
}
