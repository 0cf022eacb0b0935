using System.Globalization;
using System.Text;

namespace IotOps.Slack.Commands;

/// <summary>Undoes what Slack and keyboards do to typed text, and splits it into words.</summary>
internal static class SlackInput
{
    /// <summary>What the user meant to type, before it is split.</summary>
    public static string Plain(string text) => Tidy(Unescape(Unwrap(text)));

    /// <summary>The words of plain text, with the blanks around commas taken away.</summary>
    public static string[] Split(string tidy)
    {
        string plain = CloseCommas(tidy);
        return [.. plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Unquote).Where(word => word.Length > 0)];
    }

    // <http://x|x>, <@U1|x>, <#C1|x>: what the user typed is the label. Without one it is what stands there, but for a mailto.
    private static string Unwrap(string text)
    {
        var plain = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int open = text.IndexOf('<', at);
            int close = open < 0 ? -1 : text.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            plain.Append(text, at, open - at);
            ReadOnlySpan<char> inner = text.AsSpan(open + 1, close - open - 1);
            int bar = inner.IndexOf('|');
            plain.Append(bar >= 0 && bar + 1 < inner.Length ? inner[(bar + 1)..] : bar >= 0 ? inner[..bar] : inner);
            at = close + 1;
        }

        return plain.Append(text, at, text.Length - at).ToString();
    }

    // Slack escapes these three; &amp; last, so that what was typed as &lt; stays so.
    private static string Unescape(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            switch (c)
            {
                case '\u2026' or '\u2025':
                    tidy.Append("..");
                    break;
                case '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u02BC' or '\uFF07':
                    tidy.Append('\'');
                    break;
                case '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u00AB' or '\u00BB' or '\uFF02':
                    tidy.Append('"');
                    break;
                case (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFE58' or '\uFE63' or '\u30FC':
                    tidy.Append('-');
                    break;
                case '\u3001' or '\uFE50' or '\uFE51':
                    tidy.Append(',');
                    break;
                case >= '\uFF01' and <= '\uFF5E':
                    tidy.Append((char)(c - 0xFEE0));
                    break;
                default:
                    if (char.IsWhiteSpace(c) || char.IsControl(c))
                    {
                        tidy.Append(' ');
                    }
                    else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
                    {
                        // Zero-width spaces, joiners, direction marks and soft hyphens are Format: they were never meant.
                        tidy.Append(c);
                    }

                    break;
            }
        }

        return tidy.ToString();
    }

    // "a , b" is "a,b".
    private static string CloseCommas(string text)
    {
        var closed = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c == ',')
            {
                while (closed.Length > 0 && closed[^1] == ' ')
                {
                    closed.Length--;
                }
            }

            if (c != ' ' || closed.Length == 0 || closed[^1] != ',')
            {
                closed.Append(c);
            }
        }

        return closed.ToString();
    }

    private static string Unquote(string word) => word.Trim('"', '\'', '`');
}
