using System.Text;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>Goes through the text of a pattern.</summary>
internal sealed class PatternReader(string text)
{
    private const int MaxExpressions = 2;

    private int _at;
    private int _expressions;

    /// <summary>The character at hand; U+0000 at the end.</summary>
    public char Next => _at < text.Length ? text[_at] : '\0';

    /// <summary>Where it is.</summary>
    public int At => _at;

    /// <summary>What was read since.</summary>
    public string Since(int start) => text[start.._at];

    public bool IsAtEnd => _at == text.Length;

    public void SkipSpace()
    {
        while (Next is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    /// <summary>Takes what is next, spaces before it, if it is this.</summary>
    public bool TryTake(string token)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0)
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    /// <exception cref="Refusal">Something else is next.</exception>
    public void Take(string token)
    {
        if (!TryTake(token))
        {
            throw Invalid($"'{token}' is expected");
        }
    }

    /// <summary>Takes characters for as long as they are wanted.</summary>
    public string TakeWhile(Func<char, bool> isWanted)
    {
        int start = _at;
        while (_at < text.Length && isWanted(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    /// <summary>Takes text in quotes, in which a backslash stands before a quote or a backslash.</summary>
    /// <exception cref="Refusal">The quotes do not end.</exception>
    public string TakeQuoted(char quote)
    {
        var quoted = new StringBuilder();
        for (_at++; Next != quote; _at++)
        {
            if (Next == '\\' && _at + 1 < text.Length)
            {
                _at++;
            }

            quoted.Append(IsAtEnd ? throw Invalid($"a {quote} is missing") : Next);
        }

        _at++;
        return quoted.ToString();
    }

    /// <summary>Takes a regular expression between percent signs.</summary>
    /// <exception cref="Refusal">It is not one that CloudWatch Logs takes, or the third of the pattern.</exception>
    public PatternExpression TakeExpression()
    {
        int end = text.IndexOf('%', _at + 1);
        if (end < 0 || ++_expressions > MaxExpressions)
        {
            throw Invalid(end < 0 ? "a % is missing" : $"more than {MaxExpressions} regular expressions");
        }

        string expression = text[(_at + 1)..end];
        _at = end + 1;
        return PatternExpression.TryParse(expression, out PatternExpression? parsed) ? parsed : throw Invalid($"%{expression}% is not a regular expression that is supported");
    }

    public Refusal Invalid(string what) => new(400, "InvalidParameterException", $"Invalid filter pattern: {what} at character {_at + 1} of '{text}'.");
}
