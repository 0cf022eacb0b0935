using System.Text;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// The part of the filter syntax for unstructured events: terms that must all occur, <c>"quoted"</c> terms with
/// spaces, <c>?optional</c> terms of which one must occur, <c>-excluded</c> terms. Matching is case-sensitive.
/// JSON and space-delimited patterns are refused rather than matched wrongly.
/// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
/// </summary>
internal sealed class FilterPattern
{
    private readonly List<byte[]> _required = [];
    private readonly List<byte[]> _optional = [];
    private readonly List<byte[]> _excluded = [];

    public static FilterPattern Parse(string text)
    {
        if (text.AsSpan().TrimStart() is ['{' or '[' or '%', ..])
        {
            throw new Refusal(400, "InvalidParameterException", $"The emulator matches plain and quoted terms only, not '{text}'.");
        }

        var pattern = new FilterPattern();
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            List<byte[]> kind = text[at] switch
            {
                '?' => pattern._optional,
                '-' => pattern._excluded,
                _ => pattern._required,
            };
            if (kind != pattern._required)
            {
                at++;
            }

            string term = ReadTerm(text, ref at);
            if (term.Length > 0)
            {
                kind.Add(Encoding.UTF8.GetBytes(term));
            }
        }

        return pattern;
    }

    public bool Matches(ReadOnlySpan<byte> message)
    {
        foreach (byte[] term in _required)
        {
            if (message.IndexOf(term) < 0)
            {
                return false;
            }
        }

        foreach (byte[] term in _excluded)
        {
            if (message.IndexOf(term) >= 0)
            {
                return false;
            }
        }

        return _optional.Count == 0 || _required.Count > 0 || ContainsAny(message);
    }

    private bool ContainsAny(ReadOnlySpan<byte> message)
    {
        foreach (byte[] term in _optional)
        {
            if (message.IndexOf(term) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string ReadTerm(string text, ref int at)
    {
        var term = new StringBuilder();
        if (at < text.Length && text[at] == '"')
        {
            for (at++; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                {
                    at++;
                }

                term.Append(text[at]);
            }

            at++;
            return term.ToString();
        }

        for (; at < text.Length && text[at] != ' '; at++)
        {
            term.Append(text[at]);
        }

        return term.ToString();
    }
}
