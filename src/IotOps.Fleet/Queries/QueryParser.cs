using System.Text;

namespace IotOps.Fleet.Queries;

/// <summary>Reads the query language of the fleet index.</summary>
internal sealed class QueryParser(string text)
{
    private const int MaxDepth = 100;

    private int _at;
    private int _depth;

    /// <exception cref="FormatException">It is no query; the message says where, and what to write instead.</exception>
    public static QueryNode Parse(string text)
    {
        var parser = new QueryParser(text);
        QueryNode query = parser.Or(null);
        parser.SkipBlanks();
        return parser._at == text.Length ? query : throw parser.Bad($"'{text[parser._at]}' has no counterpart");
    }

    private QueryNode Or(string? field)
    {
        if (++_depth > MaxDepth)
        {
            throw Bad($"more than {MaxDepth} parentheses lie within each other");
        }

        List<QueryNode> parts = [And(field)];
        while (TakeWord("OR"))
        {
            parts.Add(And(field));
        }

        _depth--;
        return parts.Count == 1 ? parts[0] : new GroupNode(isAnd: false, parts);
    }

    private QueryNode And(string? field)
    {
        List<QueryNode> parts = [Not(field)];
        while (true)
        {
            if (TakeWord("AND"))
            {
                parts.Add(Not(field));
                continue;
            }

            SkipBlanks();
            if (_at == text.Length || text[_at] == ')' || IsWord("OR"))
            {
                break;
            }

            parts.Add(Not(field));
        }

        return parts.Count == 1 ? parts[0] : new GroupNode(isAnd: true, parts);
    }

    private QueryNode Not(string? field)
    {
        bool isNegated = false;
        while (true)
        {
            SkipBlanks();
            if (TakeWord("NOT"))
            {
                isNegated = !isNegated;
            }
            else if (Peek() == '-')
            {
                _at++;
                isNegated = !isNegated;
            }
            else
            {
                QueryNode part = Primary(field);
                return isNegated ? new NotNode(part) : part;
            }
        }
    }

    private QueryNode Primary(string? field)
    {
        if (Peek() == '(')
        {
            _at++;
            QueryNode part = Or(field);
            Expect(')');
            return part;
        }

        if (Peek() == '"' || field is not null)
        {
            return new QueryTerm(field, Value(field));
        }

        int start = _at;
        List<QueryCharacter> word = Word("a field or a value is expected");
        SkipBlanks();
        char next = Peek();
        if (next is not (':' or '<' or '>'))
        {
            return new QueryTerm(null, Test(word, start));
        }

        if (word.Exists(one => one.IsWildcard))
        {
            throw Bad("the name of a field has no wildcards", start);
        }

        string name = string.Concat(word.Select(one => one.Value));
        string searched = Searchable(name, start);
        return next == ':' ? Field(searched) : new QueryTerm(searched, Comparison(searched));
    }

    private QueryNode Field(string field)
    {
        _at++;
        SkipBlanks();
        switch (Peek())
        {
            case '(':
                _at++;
                QueryNode part = Or(field);
                Expect(')');
                return part;
            case '[' or '{':
                return new QueryTerm(field, Range(field));
            default:
                return new QueryTerm(field, Value(field));
        }
    }

    private ValueTest Value(string? field)
    {
        SkipBlanks();
        if (Peek() == '"')
        {
            return new WordsTest(Quoted());
        }

        if (field is not null && Peek() is '[' or '{')
        {
            return Range(field!);
        }

        int start = _at;
        ValueTest test = Test(Word("a value is expected"), start);
        if (Peek() == ':')
        {
            throw Bad("a colon within a value is escaped (\\:), or the value quoted");
        }

        return test;
    }

    private ValueTest Test(List<QueryCharacter> word, int start)
    {
        if (word is [{ IsWildcard: true, Value: '*' }])
        {
            return new PresentTest();
        }

        string value = string.Concat(word.Select(one => one.Value));
        if (text.AsSpan(start, _at - start).Trim() is "AND" or "OR" or "NOT")
        {
            throw Bad($"{value} joins two parts; quote it to search for the word", start);
        }

        return word.Exists(one => one.IsWildcard) ? new PatternTest(word) : new WordsTest(value);
    }

    private RangeTest Comparison(string field)
    {
        bool isLess = text[_at++] == '<';
        bool isOpen = Peek() != '=';
        _at += isOpen ? 0 : 1;
        SkipBlanks();
        int start = _at;
        var end = new RangeEnd(EndValue(field, start), isOpen);
        return isLess ? new RangeTest(null, end) : new RangeTest(end, null);
    }

    private RangeTest Range(string field)
    {
        int start = _at;
        bool isFromOpen = text[_at++] == '{';
        SkipBlanks();
        string from = EndValue(field, _at);
        if (!TakeWord("TO"))
        {
            throw Bad("a range is written [from TO to]");
        }

        SkipBlanks();
        string to = EndValue(field, _at);
        SkipBlanks();
        if (Peek() is not (']' or '}'))
        {
            throw Bad("a range ends with ] or }");
        }

        var range = new RangeTest(new RangeEnd(from, isFromOpen), new RangeEnd(to, text[_at++] == '}'));
        return range.IsReversed ? throw Bad($"the range begins above its end; write [{to} TO {from}]", start) : range;
    }

    private string EndValue(string field, int start)
    {
        string value;
        if (Peek() == '"')
        {
            value = Quoted();
        }
        else
        {
            List<QueryCharacter> word = Word("a value is expected");
            value = string.Concat(word.Select(one => one.Value));
            if (word.Exists(one => one.IsWildcard))
            {
                throw Bad($"a range and a comparison take no wildcards; for an open end write {field}>= or {field}<=", start);
            }
        }

        return QueryValues.IsVersion(value)
            ? throw Bad($"versions such as {value} have no order in the index: 2.0.10 would come before 2.0.9; name the versions, {field}:(2.0.10 OR 2.0.11), or a pattern, {field}:2.0.1?", start)
            : value;
    }

    private string Quoted()
    {
        int start = _at++;
        var value = new StringBuilder();
        while (true)
        {
            if (_at >= text.Length)
            {
                throw Bad("the quotation mark has no counterpart", start);
            }

            char c = text[_at++];
            if (c == '"')
            {
                break;
            }

            if (c == '\\')
            {
                c = _at < text.Length ? text[_at++] : throw Bad("the query ends with a backslash");
            }

            value.Append(Supported(c));
        }

        return string.IsNullOrWhiteSpace(value.ToString()) ? throw Bad("there is nothing between the quotation marks", start) : value.ToString();
    }

    private List<QueryCharacter> Word(string missing)
    {
        List<QueryCharacter> word = [];
        int start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && !"()\"[]{}<>:=".Contains(text[_at], StringComparison.Ordinal))
        {
            char c = text[_at++];
            if (c == '\\')
            {
                c = _at < text.Length ? text[_at++] : throw Bad("the query ends with a backslash");
                word.Add(new QueryCharacter(Supported(c), false));
            }
            else if (c is '^' or '~')
            {
                throw Bad($"the index knows no '{c}'; escape it to search for the character", _at - 1);
            }
            else
            {
                word.Add(new QueryCharacter(Supported(c), c is '*' or '?'));
            }
        }

        return word.Count > 0 ? word : throw Bad(_at < text.Length ? $"{missing}, not '{text[_at]}'" : missing, start);
    }

    private char Supported(char c) => QueryText.Unsupported.Contains(c, StringComparison.Ordinal)
        ? throw Bad($"the index does not support '{c}' in a query, escaped or not", _at - 1)
        : c;

    private string Searchable(string field, int start)
    {
        if (field is "registry.version" or "shadow.version" or "deviceDefender.version"
            || (field.StartsWith("shadow.name.", StringComparison.Ordinal) && field.Split('.') is { Length: 4 } path && path[3] == "version"))
        {
            throw Bad($"{field} is not searchable", start);
        }

        return field is "registry.thingTypeName" or "registry.thingGroupNames" ? field["registry.".Length..] : field;
    }

    private bool TakeWord(string word)
    {
        SkipBlanks();
        if (!IsWord(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private bool IsWord(string word)
    {
        int end = _at + word.Length;
        return text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal) && (end == text.Length || char.IsWhiteSpace(text[end]) || text[end] is '(' or ')' or '"');
    }

    private void Expect(char c)
    {
        SkipBlanks();
        if (Peek() != c)
        {
            throw Bad($"'{c}' is missing");
        }

        _at++;
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private FormatException Bad(string what, int? at = null) => new($"The query cannot be sent: character {at ?? _at}: {what}.");
}
