using System.Text;
using System.Text.RegularExpressions;

namespace IotOps.Fleet.Timeline;

/// <summary>What differs from line to line and means nothing: ARNs, UUIDs, IPv4 addresses, hexadecimal and other numbers, in this order.</summary>
internal static partial class Masks
{
    private const int ShortestHex = 16;

    public static string Apply(string text)
    {
        if (text.Contains("arn:aws", StringComparison.Ordinal))
        {
            text = Arn().Replace(text, "<ARN>");
        }

        // Most lines lack what most masks look for, and saying so costs less than looking.
        if (text.AsSpan().Count('-') >= 4)
        {
            text = Uuid().Replace(text, "<UUID>");
        }

        if (text.AsSpan().Count('.') >= 3)
        {
            text = Ip().Replace(text, "<IP>");
        }

        if (text.Contains("0x", StringComparison.Ordinal) || HasLongWord(text))
        {
            text = Hex().Replace(text, "<HEX>");
        }

        return Number(text);
    }

    private static bool HasLongWord(string text)
    {
        int length = 0;
        foreach (char c in text)
        {
            length = char.IsAsciiHexDigit(c) ? length + 1 : 0;
            if (length >= ShortestHex)
            {
                return true;
            }
        }

        return false;
    }

    // What Num says, without its machinery: most lines have numbers and nothing else.
    private static string Number(string text)
    {
        StringBuilder? masked = null;
        int written = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (!char.IsDigit(text[at]))
            {
                continue;
            }

            int end = NumberEnd(text, at);
            int start = at > 0 && text[at - 1] is '-' or '+' && !IsWithin(text, at - 2) ? at - 1 : at;
            if (end > 0 && !IsWithin(text, start - 1))
            {
                masked ??= new StringBuilder(text.Length);
                masked.Append(text, written, start - written).Append("<NUM>");
                written = end;
                at = end - 1;
            }
            else
            {
                at = DigitsEnd(text, at) - 1;
            }
        }

        return masked is null ? text : masked.Append(text, written, text.Length - written).ToString();
    }

    // Where the number that begins here ends; 0 when a letter follows, so that it is none.
    private static int NumberEnd(string text, int start)
    {
        int end = DigitsEnd(text, start);
        if (end + 1 < text.Length && text[end] == '.' && char.IsDigit(text[end + 1]))
        {
            int fraction = DigitsEnd(text, end + 1);
            return fraction < text.Length && char.IsAsciiLetterOrDigit(text[fraction]) ? end : fraction;
        }

        return end < text.Length && char.IsAsciiLetterOrDigit(text[end]) ? 0 : end;
    }

    private static int DigitsEnd(string text, int at)
    {
        while (at < text.Length && char.IsDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsWithin(string text, int before) => before >= 0 && (char.IsAsciiLetterOrDigit(text[before]) || text[before] == '.');

    /// <summary>What <see cref="Apply"/> does with numbers, as an expression.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z.])[-+]?\d+(?:\.\d+)?(?![0-9A-Za-z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Num();

    [GeneratedRegex("""arn:aws[a-z-]*:[^\s"',;)\]}]+""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Arn();

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9A-Za-z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ip();

    [GeneratedRegex(@"(?<![0-9A-Za-z])(?:0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{16,})(?![0-9A-Za-z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hex();
}
