using System.Globalization;
using System.Text;

namespace IotOps.Samples.Json5;

/// <summary>Reads JSON5 (https://spec.json5.org), strictly: what the grammar does not name is an error with its place.</summary>
public sealed class Json5Parser
{
    // Configuration is never this deep; without a bound a hostile file would overflow the stack.
    private const int MaxDepth = 64;

    private readonly Json5Scanner _scanner;

    private Json5Parser(string text) => _scanner = new Json5Scanner(text);

    /// <summary>Reads a whole document: one value with white space and comments around it.</summary>
    /// <exception cref="Json5Exception">The text is not JSON5, or nests deeper than 64.</exception>
    public static Json5Value Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        var parser = new Json5Parser(text);
        Json5Scanner scanner = parser._scanner;
        scanner.SkipTrivia();
        Json5Value root = parser.ReadValue(0);
        scanner.SkipTrivia();
        return scanner.AtEnd ? root : throw scanner.Error($"{scanner.Here()} behind the end of the document");
    }

    private Json5Value ReadValue(int depth)
    {
        if (depth > MaxDepth)
        {
            throw _scanner.Error($"nested deeper than {MaxDepth}");
        }

        (int line, int column) = _scanner.Place;
        switch (_scanner.Current)
        {
            case '{':
                return new Json5Value(Json5Kind.Object, line, column) { Members = ReadMembers(depth) };
            case '[':
                return new Json5Value(Json5Kind.Array, line, column) { Items = ReadItems(depth) };
            case '"' or '\'':
                return new Json5Value(Json5Kind.String, line, column) { Text = Json5Strings.Read(_scanner) };
            case (>= '0' and <= '9') or '+' or '-' or '.' or 'I' or 'N':
                (string text, double number) = Json5Numbers.Read(_scanner);
                return new Json5Value(Json5Kind.Number, line, column) { Text = text, Number = number };
            case 't' when _scanner.TryTakeWord("true"):
                return new Json5Value(Json5Kind.Boolean, line, column) { IsTrue = true };
            case 'f' when _scanner.TryTakeWord("false"):
                return new Json5Value(Json5Kind.Boolean, line, column);
            case 'n' when _scanner.TryTakeWord("null"):
                return new Json5Value(Json5Kind.Null, line, column);
            default:
                throw _scanner.Error($"expected a value, found {_scanner.Here()}");
        }
    }

    private List<Json5Member> ReadMembers(int depth)
    {
        List<Json5Member> members = [];
        _scanner.Take();
        _scanner.SkipTrivia();
        while (_scanner.Current != '}')
        {
            (int line, int column) = _scanner.Place;
            string name = _scanner.Current is '"' or '\'' ? Json5Strings.Read(_scanner) : ReadIdentifier();
            _scanner.SkipTrivia();
            _scanner.Expect(':', $"behind the key '{name}'");
            _scanner.SkipTrivia();
            members.Add(new Json5Member(name, ReadValue(depth + 1), line, column));
            SkipSeparator('}');
        }

        _scanner.Take();
        return members;
    }

    private List<Json5Value> ReadItems(int depth)
    {
        List<Json5Value> items = [];
        _scanner.Take();
        _scanner.SkipTrivia();
        while (_scanner.Current != ']')
        {
            items.Add(ReadValue(depth + 1));
            SkipSeparator(']');
        }

        _scanner.Take();
        return items;
    }

    private void SkipSeparator(char end)
    {
        _scanner.SkipTrivia();
        if (_scanner.AtEnd || _scanner.Current != end)
        {
            _scanner.Expect(',', $"or '{end}'");
            _scanner.SkipTrivia();
        }
    }

    private string ReadIdentifier()
    {
        var name = new StringBuilder();
        while (!_scanner.AtEnd)
        {
            char c = _scanner.Current;
            bool escaped = c == '\\';
            if (escaped)
            {
                _scanner.Take();
                _scanner.Expect('u', "in an escape of a key");
                c = Json5Strings.ReadHex(_scanner, 4);
            }

            if (!IsIdentifierPart(c, first: name.Length == 0))
            {
                if (escaped)
                {
                    throw _scanner.Error("the escaped character may not stand in a key without quotes");
                }

                break;
            }

            name.Append(c);
            if (!escaped)
            {
                _scanner.Take();
            }
        }

        return name.Length > 0 ? name.ToString() : throw _scanner.Error($"expected a key or '}}', found {_scanner.Here()}");
    }

    private static bool IsIdentifierPart(char c, bool first) => c is '$' or '_' || CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => !first,
        _ => !first && c is '\u200C' or '\u200D',
    };
}
