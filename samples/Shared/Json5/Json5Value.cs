using System.Globalization;

namespace IotOps.Samples.Json5;

/// <summary>One value of a JSON5 document, and where it begins.</summary>
public sealed class Json5Value
{
    internal Json5Value(Json5Kind kind, int line, int column)
    {
        Kind = kind;
        Line = line;
        Column = column;
    }

    /// <summary>What the value is.</summary>
    public Json5Kind Kind { get; }

    /// <summary>Line of the value's first character, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of that character in UTF-16 units, from 1.</summary>
    public int Column { get; }

    /// <summary>The string's text, escapes resolved, or the number as it was written; otherwise empty.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The boolean's value; false for other kinds.</summary>
    public bool IsTrue { get; internal init; }

    /// <summary>The number's value; zero for other kinds.</summary>
    public double Number { get; internal init; }

    /// <summary>The array's values; empty for other kinds.</summary>
    public IReadOnlyList<Json5Value> Items { get; internal init; } = [];

    /// <summary>The object's members in their order, a repeated name repeated; empty for other kinds.</summary>
    public IReadOnlyList<Json5Member> Members { get; internal init; } = [];

    /// <summary>The number, when it is whole and fits; read from the text, so that no digit is lost to a double.</summary>
    public bool TryGetInt64(out long value)
    {
        value = 0;
        if (Kind != Json5Kind.Number)
        {
            return false;
        }

        ReadOnlySpan<char> text = Text.AsSpan().TrimStart("+-");
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (!long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) || value < 0)
            {
                return false;
            }

            value = Text[0] == '-' ? -value : value;
            return true;
        }

        if (long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        // 1e3 and 5.0 are whole too; beyond 2^53 a double no longer says which number was meant.
        if (Number == Math.Floor(Number) && Math.Abs(Number) < 1L << 53)
        {
            value = (long)Number;
            return true;
        }

        return false;
    }

    /// <summary>Says what the value is, for messages: <c>a string</c>, <c>an object</c>.</summary>
    public string Describe() => Kind switch
    {
        Json5Kind.Null => "null",
        Json5Kind.Boolean => IsTrue ? "true" : "false",
        Json5Kind.Number => $"the number {Text}",
        Json5Kind.String => "a string",
        Json5Kind.Array => "an array",
        _ => "an object",
    };
}
