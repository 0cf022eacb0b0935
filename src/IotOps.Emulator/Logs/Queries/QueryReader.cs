using System.Text;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>Reads a query word by word.</summary>
internal sealed class QueryReader
{
    private static readonly string[] Symbols = ["!=", "<=", ">=", "=~", "=", "<", ">", "(", ")", "[", "]", ",", "|", "*", "+", "-"];

    private readonly List<QueryToken> _tokens = [];
    private int _at;

    /// <exception cref="Refusal">The text has something that is not a word of a query.</exception>
    public QueryReader(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            at = char.IsWhiteSpace(text[at]) ? at + 1 : text[at] == '#' ? EndOfLine(text, at) : ReadOne(text, at);
        }
    }

    public QueryToken Next => _at < _tokens.Count ? _tokens[_at] : default;

    public static Refusal Malformed(string message) => new(400, "MalformedQueryException", message);

    public QueryToken Take()
    {
        QueryToken token = Next;
        _at++;
        return token;
    }

    public bool TryTakeSymbol(string symbol) => TryTake(Next.IsSymbol(symbol));

    public bool TryTakeWord(string word) => TryTake(Next.IsWord(word));

    /// <exception cref="Refusal">Something else is next.</exception>
    public void TakeSymbol(string symbol)
    {
        if (!TryTakeSymbol(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    /// <summary>The name of a field.</summary>
    /// <exception cref="Refusal">Something else is next, or a function.</exception>
    public string TakeField()
    {
        QueryToken token = Take();
        if (token.Kind is not (QueryTokenKind.Name or QueryTokenKind.QuotedName))
        {
            _at--;
            throw Unexpected("a field");
        }

        return token.Kind == QueryTokenKind.Name && Next.IsSymbol("(") ? throw Malformed($"The emulator's queries have no function '{token.Text}' here.") : token.Text;
    }

    /// <summary>What <c>as</c> names it; null without.</summary>
    public string? TakeAlias() => TryTakeWord("as") ? TakeField() : null;

    public Refusal Unexpected(string wanted) =>
        Malformed($"{wanted} is expected, not {(Next.Kind == QueryTokenKind.End ? "the end of the query" : $"'{Next.Text}'")}.");

    private bool TryTake(bool isNext)
    {
        _at += isNext ? 1 : 0;
        return isNext;
    }

    private int ReadOne(string text, int at)
    {
        char first = text[at];
        if (first is '"' or '\'' or '`' or '/')
        {
            return ReadQuoted(text, at, first);
        }

        if (char.IsAsciiLetter(first) || first is '_' or '@')
        {
            return ReadWhile(text, at, QueryTokenKind.Name, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '@' or '.');
        }

        // A number may carry the unit of a period.
        if (char.IsAsciiDigit(first))
        {
            return ReadWhile(text, at, QueryTokenKind.Number, static c => char.IsAsciiLetterOrDigit(c) || c == '.');
        }

        if (Array.Find(Symbols, symbol => string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0) is not { } found)
        {
            throw Malformed($"'{first}' at character {at + 1} does not belong to a query.");
        }

        _tokens.Add(new QueryToken(QueryTokenKind.Symbol, found));
        return at + found.Length;
    }

    private int ReadWhile(string text, int at, QueryTokenKind kind, Func<char, bool> isPart)
    {
        int end = at;
        while (end < text.Length && isPart(text[end]))
        {
            end++;
        }

        _tokens.Add(new QueryToken(kind, text[at..end]));
        return end;
    }

    private int ReadQuoted(string text, int at, char quote)
    {
        var content = new StringBuilder();
        int end = at + 1;
        for (; end < text.Length && text[end] != quote; end++)
        {
            // In a regular expression the backslash is its own; before a slash it only keeps it from ending the expression.
            if (text[end] == '\\' && end + 1 < text.Length && (quote != '/' || text[end + 1] == '/'))
            {
                end++;
            }

            content.Append(text[end]);
        }

        if (end >= text.Length)
        {
            throw Malformed($"A {quote} is missing behind character {at + 1}.");
        }

        _tokens.Add(new QueryToken(quote switch { '/' => QueryTokenKind.Expression, '`' => QueryTokenKind.QuotedName, _ => QueryTokenKind.Text }, content.ToString()));
        return end + 1;
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
}
