using System.Globalization;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>What a field or member is compared with: a number, a text in which <c>*</c> stands for any text, or a regular expression.</summary>
internal sealed class PatternValue
{
    private readonly PatternExpression? _expression;
    private readonly string[] _parts;
    private readonly double? _number;

    private PatternValue(string text, PatternExpression? expression)
    {
        _expression = expression;
        _parts = text.Split('*');
        _number = expression is null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
    }

    /// <exception cref="Http.Refusal">There is no value.</exception>
    public static PatternValue Read(PatternReader reader)
    {
        reader.SkipSpace();
        if (reader.Next == '%')
        {
            return new PatternValue("", reader.TakeExpression());
        }

        string text = reader.Next == '"' ? reader.TakeQuoted('"') : reader.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '+' or '*' or ':' or '/');
        return text.Length > 0 ? new PatternValue(text, expression: null) : throw reader.Invalid("a value is expected");
    }

    /// <exception cref="Http.Refusal">The operator is not for this value.</exception>
    public void Check(string comparison, PatternReader reader)
    {
        if (comparison is not ("=" or "!=") && _number is null)
        {
            throw reader.Invalid($"{comparison} compares numbers");
        }
    }

    public bool Compares(string comparison, string text) => comparison switch
    {
        "=" => Equals(text),
        "!=" => !Equals(text),
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && comparison switch
        {
            "<" => number < _number,
            "<=" => number <= _number,
            ">" => number > _number,
            _ => number >= _number,
        },
    };

    private bool Equals(string text)
    {
        if (_expression is not null)
        {
            return _expression.Matches(text);
        }

        if (_number is { } expected && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return number == expected;
        }

        return _parts.Length == 1 ? text == _parts[0] : MatchesParts(text);
    }

    private bool MatchesParts(string text)
    {
        string first = _parts[0];
        string last = _parts[^1];
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> between = text.AsSpan(first.Length, text.Length - first.Length - last.Length);
        foreach (string part in _parts.AsSpan(1, _parts.Length - 2))
        {
            int at = between.IndexOf(part);
            if (at < 0)
            {
                return false;
            }

            between = between[(at + part.Length)..];
        }

        return true;
    }
}
