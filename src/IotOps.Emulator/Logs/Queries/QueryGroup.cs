using System.Globalization;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>What <c>by</c> of <c>stats</c> groups rows by: a field, or the period that a row's time is in.</summary>
/// <param name="Name">Of its column.</param>
/// <param name="Of">The group of a row; null when it has no such field.</param>
internal sealed record QueryGroup(string Name, Func<QueryRow, string?> Of)
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["ms"] = 1,
        ["s"] = 1_000,
        ["m"] = 60_000,
        ["h"] = 3_600_000,
        ["d"] = 86_400_000,
        ["w"] = 604_800_000,
    };

    /// <exception cref="Http.Refusal">It is neither.</exception>
    public static QueryGroup Read(QueryReader reader)
    {
        if (!reader.TryTakeWord("bin"))
        {
            string field = reader.TakeField();
            return new QueryGroup(reader.TakeAlias() ?? field, row => row.Find(field));
        }

        reader.TakeSymbol("(");
        string text = reader.Next.Kind == QueryTokenKind.Number ? reader.Take().Text : throw reader.Unexpected("a period such as 5m");
        long period = Period(text);
        reader.TakeSymbol(")");
        return new QueryGroup(
            reader.TakeAlias() ?? $"bin({text})",
            row => row.Source is { } source ? QueryRow.Time(source.Timestamp - (source.Timestamp % period)) : throw QueryReader.Malformed("bin needs the time of events, which stats before it took away."));
    }

    private static long Period(string text)
    {
        string digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]);
        return Units.TryGetValue(text[digits.Length..], out long unit) && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count * unit
            : throw QueryReader.Malformed($"'{text}' is not a period: it has a number and one of {string.Join(", ", Units.Keys)}.");
    }
}
