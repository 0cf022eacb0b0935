namespace IotOps.Emulator.Logs.Queries;

/// <summary>A function of <c>stats</c>, over the rows of a group.</summary>
/// <param name="Name">Of its column.</param>
/// <param name="Of">Its value; null when no row has the field.</param>
internal sealed record QueryAggregate(string Name, Func<IReadOnlyList<QueryRow>, string?> Of)
{
    private static readonly string[] Functions = ["count", "count_distinct", "sum", "avg", "min", "max"];

    /// <exception cref="Http.Refusal">It is not a function that is here.</exception>
    public static QueryAggregate Read(QueryReader reader)
    {
        QueryToken function = reader.Take();
        string name = function.Kind == QueryTokenKind.Name ? function.Text.ToLowerInvariant() : throw QueryReader.Malformed($"A function of stats is expected, not '{function.Text}'.");
        if (!Functions.Contains(name, StringComparer.Ordinal))
        {
            throw QueryReader.Malformed($"The emulator's stats have no function '{function.Text}'; they have {string.Join(", ", Functions)}.");
        }

        reader.TakeSymbol("(");
        string? field = reader.TryTakeSymbol("*") || reader.Next.IsSymbol(")") ? null : reader.TakeField();
        reader.TakeSymbol(")");
        if (field is null && name != "count")
        {
            throw QueryReader.Malformed($"{name} needs a field.");
        }

        return new QueryAggregate(reader.TakeAlias() ?? $"{name}({field ?? "*"})", rows => Compute(name, field, rows));
    }

    private static string? Compute(string name, string? field, IReadOnlyList<QueryRow> rows)
    {
        if (field is null)
        {
            return QueryValues.Text(rows.Count);
        }

        string[] texts = [.. rows.Select(row => row.Find(field)).OfType<string>()];
        switch (name)
        {
            case "count":
                return QueryValues.Text(texts.Length);
            case "count_distinct":
                return QueryValues.Text(texts.Distinct(StringComparer.Ordinal).Count());
            case "min":
                return texts.Min(QueryValues.Order);
            case "max":
                return texts.Max(QueryValues.Order);
        }

        double[] numbers = [.. texts.Where(text => QueryValues.IsNumber(text, out _)).Select(text => QueryValues.IsNumber(text, out double number) ? number : 0)];
        return numbers.Length == 0 ? null : QueryValues.Text(name == "sum" ? numbers.Sum() : numbers.Average());
    }
}
