using System.Text;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.TopicRules;

/// <summary>The words of a rule's SQL, one after the other.</summary>
internal sealed class RuleTokens
{
    private readonly List<(char Kind, string Text)> _tokens = [];
    private int _next;

    /// <exception cref="Refusal">A text has no end, or there is a character that no SQL has.</exception>
    public RuleTokens(string sql)
    {
        for (int i = 0; i < sql.Length;)
        {
            i = char.IsWhiteSpace(sql[i]) ? i + 1 : Read(sql, i);
        }
    }

    /// <summary>A word, a text ('t'), a number ('n') or a sign ('s'); the end is a sign without text.</summary>
    public (char Kind, string Text) Current => _next < _tokens.Count ? _tokens[_next] : ('s', "");

    public static Refusal Unparsable(string message) => new(400, "SqlParseException", message);

    public void Skip() => _next++;

    public bool TrySign(string sign) => Try('s', sign);

    /// <summary>Takes a keyword, in any case.</summary>
    public bool TryWord(string word)
    {
        bool isIt = Current.Kind == 'w' && string.Equals(Current.Text, word, StringComparison.OrdinalIgnoreCase);
        _next += isIt ? 1 : 0;
        return isIt;
    }

    public void Expect(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    /// <summary>Takes a token of a kind.</summary>
    public string Expect(char kind, string what)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected(what);
        }

        string text = Current.Text;
        _next++;
        return text;
    }

    public Refusal Unexpected(string wanted) => Unparsable($"Expected {wanted} at '{(Current.Text.Length == 0 ? "the end" : Current.Text)}'.");

    private bool Try(char kind, string text)
    {
        bool isIt = Current == (kind, text) && text.Length > 0;
        _next += isIt ? 1 : 0;
        return isIt;
    }

    private int Read(string sql, int start)
    {
        char first = sql[start];
        if (first == '\'')
        {
            return ReadText(sql, start + 1);
        }

        if (char.IsLetter(first) || first is '_')
        {
            return Take('w', sql, start, c => char.IsLetterOrDigit(c) || c is '_' or '.');
        }

        if (char.IsDigit(first))
        {
            return Take('n', sql, start, c => char.IsDigit(c) || c == '.');
        }

        int length = start + 1 < sql.Length && sql.Substring(start, 2) is "<>" or "<=" or ">=" ? 2 : 1;
        if (length == 1 && !"*,()=<>-".Contains(first))
        {
            throw Unparsable($"'{first}' is not expected in a rule's SQL.");
        }

        _tokens.Add(('s', sql.Substring(start, length)));
        return start + length;
    }

    private int Take(char kind, string sql, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < sql.Length && belongs(sql[end]))
        {
            end++;
        }

        _tokens.Add((kind, sql[start..end]));
        return end;
    }

    // A quote within a text is doubled.
    private int ReadText(string sql, int start)
    {
        var text = new StringBuilder();
        for (int i = start; i < sql.Length; i++)
        {
            if (sql[i] != '\'')
            {
                text.Append(sql[i]);
            }
            else if (i + 1 < sql.Length && sql[i + 1] == '\'')
            {
                text.Append('\'');
                i++;
            }
            else
            {
                _tokens.Add(('t', text.ToString()));
                return i + 1;
            }
        }

        throw Unparsable("A text of the SQL has no closing quote.");
    }
}
