using System.Text.RegularExpressions;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>The command <c>parse</c>: takes fields out of text, by asterisks or by a regular expression with named groups.</summary>
internal static class QueryParse
{
    public static Action<QueryRow> Read(QueryReader reader)
    {
        string field = reader.Next.Kind is QueryTokenKind.Text or QueryTokenKind.Expression ? "@message" : reader.TakeField();
        QueryToken pattern = reader.Take();
        (Regex expression, string[] names) = pattern.Kind switch
        {
            QueryTokenKind.Text => ByAsterisks(pattern.Text, ReadNames(reader)),
            QueryTokenKind.Expression => ByGroups(pattern.Text),
            _ => throw QueryReader.Malformed($"parse needs a text with asterisks or a regular expression, not '{pattern.Text}'."),
        };
        return row =>
        {
            if (row.Find(field) is { } text && expression.Match(text) is { Success: true } match)
            {
                for (int i = 0; i < names.Length; i++)
                {
                    row.Set(names[i], match.Groups[i + 1].Success ? match.Groups[i + 1].Value : null);
                }
            }
        };
    }

    private static List<string> ReadNames(QueryReader reader)
    {
        List<string> names = [];
        if (!reader.TryTakeWord("as"))
        {
            throw reader.Unexpected("as");
        }

        do
        {
            names.Add(reader.TakeField());
        }
        while (reader.TryTakeSymbol(","));
        return names;
    }

    private static (Regex Expression, string[] Names) ByAsterisks(string pattern, List<string> names)
    {
        string[] parts = pattern.Split('*');
        return parts.Length - 1 == names.Count
            ? (QueryCondition.Expression("(?s)" + string.Join("(.*?)", parts.Select(Regex.Escape)) + (parts[^1].Length == 0 ? "$" : "")), [.. names])
            : throw QueryReader.Malformed($"parse has {parts.Length - 1} asterisks and {names.Count} names.");
    }

    private static (Regex Expression, string[] Names) ByGroups(string pattern)
    {
        Regex expression = QueryCondition.Expression(pattern);
        string[] names = [.. expression.GetGroupNames().Skip(1)];
        return names.Length > 0 && !names.Any(static name => char.IsAsciiDigit(name[0]))
            ? (expression, names)
            : throw QueryReader.Malformed($"The regular expression /{pattern}/ of parse needs named groups, and no others.");
    }
}
