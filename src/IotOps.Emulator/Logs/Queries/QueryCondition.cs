using System.Text.RegularExpressions;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>
/// Reads the condition of <c>filter</c>: comparisons, <c>like</c>, <c>=~</c>, <c>in</c> and <c>ispresent</c>, joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses.
/// A comparison with a field that the event does not have is false.
/// </summary>
internal static class QueryCondition
{
    // Deeper ones would take the stack.
    private const int MaxDepth = 32;

    private static readonly string[] Comparisons = ["!=", "<=", ">=", "=", "<", ">"];

    public static Func<QueryRow, bool> Read(QueryReader reader, int depth = 0)
    {
        Func<QueryRow, bool> left = ReadAnd(reader, depth);
        while (reader.TryTakeWord("or"))
        {
            (Func<QueryRow, bool> first, Func<QueryRow, bool> second) = (left, ReadAnd(reader, depth));
            left = row => first(row) || second(row);
        }

        return left;
    }

    /// <summary>A regular expression, as queries have it.</summary>
    /// <exception cref="Http.Refusal">It is not one, or not one that can be matched in bounded time.</exception>
    public static Regex Expression(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw QueryReader.Malformed($"/{text}/ is not a regular expression that the emulator takes: {e.Message}");
        }
    }

    private static Func<QueryRow, bool> ReadAnd(QueryReader reader, int depth)
    {
        Func<QueryRow, bool> left = ReadNot(reader, depth);
        while (reader.TryTakeWord("and"))
        {
            (Func<QueryRow, bool> first, Func<QueryRow, bool> second) = (left, ReadNot(reader, depth));
            left = row => first(row) && second(row);
        }

        return left;
    }

    private static Func<QueryRow, bool> ReadNot(QueryReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw QueryReader.Malformed($"The condition is more than {MaxDepth} deep.");
        }

        if (reader.TryTakeWord("not"))
        {
            Func<QueryRow, bool> inner = ReadNot(reader, depth + 1);
            return row => !inner(row);
        }

        if (reader.TryTakeSymbol("("))
        {
            Func<QueryRow, bool> inner = Read(reader, depth + 1);
            reader.TakeSymbol(")");
            return inner;
        }

        return ReadOne(reader);
    }

    private static Func<QueryRow, bool> ReadOne(QueryReader reader)
    {
        if (reader.TryTakeWord("ispresent"))
        {
            reader.TakeSymbol("(");
            string field = reader.TakeField();
            reader.TakeSymbol(")");
            return row => row.Find(field) is not null;
        }

        Func<QueryRow, string?> left = ReadOperand(reader);
        if (reader.TryTakeWord("not"))
        {
            Func<QueryRow, bool> inner = ReadWordly(reader, left);
            return row => left(row) is not null && !inner(row);
        }

        if (Array.Find(Comparisons, reader.TryTakeSymbol) is { } comparison)
        {
            Func<QueryRow, string?> right = ReadOperand(reader);
            return row => Compares(comparison, left(row), right(row));
        }

        return reader.TryTakeSymbol("=~") ? ReadExpression(reader, left) : ReadWordly(reader, left);
    }

    private static Func<QueryRow, bool> ReadWordly(QueryReader reader, Func<QueryRow, string?> left)
    {
        if (reader.TryTakeWord("like"))
        {
            if (reader.Next.Kind == QueryTokenKind.Expression)
            {
                return ReadExpression(reader, left);
            }

            string part = reader.Next.Kind == QueryTokenKind.Text ? reader.Take().Text : throw reader.Unexpected("a text or a regular expression");
            return row => left(row)?.Contains(part, StringComparison.Ordinal) == true;
        }

        if (!reader.TryTakeWord("in"))
        {
            throw reader.Unexpected("a comparison, like, =~ or in");
        }

        List<Func<QueryRow, string?>> items = [];
        reader.TakeSymbol("[");
        do
        {
            items.Add(ReadOperand(reader));
        }
        while (reader.TryTakeSymbol(","));
        reader.TakeSymbol("]");
        return row => items.Exists(item => Compares("=", left(row), item(row)));
    }

    private static Func<QueryRow, bool> ReadExpression(QueryReader reader, Func<QueryRow, string?> left)
    {
        Regex expression = reader.Next.Kind is QueryTokenKind.Expression or QueryTokenKind.Text ? Expression(reader.Take().Text) : throw reader.Unexpected("a regular expression");
        return row => left(row) is { } text && expression.IsMatch(text);
    }

    private static Func<QueryRow, string?> ReadOperand(QueryReader reader)
    {
        string sign = reader.TryTakeSymbol("-") ? "-" : "";
        if (reader.Next.Kind is QueryTokenKind.Text or QueryTokenKind.Number)
        {
            string value = sign + reader.Take().Text;
            return _ => value;
        }

        string field = reader.TakeField();
        return row => row.Find(field);
    }

    private static bool Compares(string comparison, string? left, string? right)
    {
        if (left is null || right is null)
        {
            return false;
        }

        int order = QueryValues.Order.Compare(left, right);
        return comparison switch { "=" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}
