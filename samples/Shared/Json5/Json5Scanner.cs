using System.Globalization;

namespace IotOps.Samples.Json5;

/// <summary>Walks over a text character by character and knows the line and column.</summary>
internal sealed class Json5Scanner(string text)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public bool AtEnd => _position >= text.Length;

    /// <summary>The character to take next; NUL at the end.</summary>
    public char Current => AtEnd ? '\0' : text[_position];

    public int Position => _position;

    public (int Line, int Column) Place => (_line, _position - _lineStart + 1);

    public string Since(int position) => text[position.._position];

    public char Take()
    {
        char c = text[_position++];
        if (c is '\n' or '\u2028' or '\u2029' || (c == '\r' && Current != '\n'))
        {
            _line++;
            _lineStart = _position;
        }

        return c;
    }

    public void Expect(char c, string where)
    {
        if (AtEnd || Current != c)
        {
            throw Error($"expected '{c}' {where}, found {Here()}");
        }

        Take();
    }

    public bool TryTakeWord(string word)
    {
        if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0)
        {
            return false;
        }

        int end = _position + word.Length;
        if (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$'))
        {
            return false;
        }

        _position = end;
        return true;
    }

    /// <summary>Moves over white space and comments.</summary>
    public void SkipTrivia()
    {
        while (!AtEnd)
        {
            if (IsWhiteSpace(Current))
            {
                Take();
            }
            else if (Current == '/')
            {
                SkipComment();
            }
            else
            {
                return;
            }
        }
    }

    public Json5Exception Error(string problem)
    {
        (int line, int column) = Place;
        return new Json5Exception(line, column, problem);
    }

    /// <summary>Names the next character, for messages.</summary>
    public string Here() => AtEnd ? "the end of the text"
        : char.IsControl(Current) || IsWhiteSpace(Current) ? $"U+{(int)Current:X4}"
        : $"'{Current}'";

    public static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';

    private static bool IsWhiteSpace(char c) =>
        c is ' ' or '\t' or '\v' or '\f' or '\u00A0' or '\uFEFF' || IsLineEnd(c)
        || (c > '\u007F' && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator);

    private void SkipComment()
    {
        (int line, int column) = Place;
        Take();
        switch (Current)
        {
            case '/':
                while (!AtEnd && !IsLineEnd(Current))
                {
                    Take();
                }

                break;
            case '*':
                Take();
                for (char last = '\0'; ;)
                {
                    if (AtEnd)
                    {
                        throw new Json5Exception(line, column, "this comment has no end");
                    }

                    char c = Take();
                    if (last == '*' && c == '/')
                    {
                        return;
                    }

                    last = c;
                }

            default:
                throw new Json5Exception(line, column, "a '/' that begins no comment");
        }
    }
}
