using System.Text;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>
/// Terms that must all occur; <c>?optional</c> ones, of which one must where there are no others; <c>-excluded</c> ones. A term of anything but letters, digits and
/// underscores stands in quotes, or is a regular expression between percent signs. Upper and lower case are told apart.
/// </summary>
internal sealed class TermPattern : FilterPattern
{
    private readonly List<Term> _required = [];
    private readonly List<Term> _optional = [];
    private readonly List<Term> _excluded = [];

    public static TermPattern Read(PatternReader reader)
    {
        var pattern = new TermPattern();
        for (reader.SkipSpace(); !reader.IsAtEnd; reader.SkipSpace())
        {
            List<Term> kind = reader.TryTake("?") ? pattern._optional : reader.TryTake("-") ? pattern._excluded : pattern._required;
            kind.Add(ReadTerm(reader));
        }

        return pattern;
    }

    public override bool Matches(ReadOnlySpan<byte> message)
    {
        // Decoded once, and only for regular expressions.
        string? text = null;
        return All(_required, message, ref text)
            && !Any(_excluded, message, ref text)
            && (_optional.Count == 0 || _required.Count > 0 || Any(_optional, message, ref text));
    }

    private static bool All(List<Term> terms, ReadOnlySpan<byte> message, ref string? text)
    {
        foreach (Term term in terms)
        {
            if (!term.OccursIn(message, ref text))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Any(List<Term> terms, ReadOnlySpan<byte> message, ref string? text)
    {
        foreach (Term term in terms)
        {
            if (term.OccursIn(message, ref text))
            {
                return true;
            }
        }

        return false;
    }

    private static Term ReadTerm(PatternReader reader)
    {
        if (reader.Next == '%')
        {
            return new Term([], reader.TakeExpression());
        }

        bool isQuoted = reader.Next == '"';
        string term = isQuoted ? reader.TakeQuoted('"') : reader.TakeWhile(static c => char.IsLetterOrDigit(c) || c == '_');
        return (isQuoted || term.Length > 0) && reader.Next is ' ' or '\t' or '\n' or '\r' or '\0'
            ? new Term(Encoding.UTF8.GetBytes(term), null)
            : throw reader.Invalid("invalid character(s) in a term, which needs double quotes around it for anything but letters, digits and underscores,");
    }

    private sealed record Term(byte[] Text, PatternExpression? Expression)
    {
        public bool OccursIn(ReadOnlySpan<byte> message, ref string? text) =>
            Expression is null ? message.IndexOf(Text) >= 0 : Expression.Matches(text ??= Encoding.UTF8.GetString(message));
    }
}
