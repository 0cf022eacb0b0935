using System.Buffers;

namespace IotOps.Fleet.Selectors;

/// <summary>Published examples come with the quotation marks that text processors make of straight ones; JSON knows only the latter.</summary>
internal static class TypographicQuotes
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u00AB\u00BB\u2032\u2033");

    /// <summary>Says where the first one is; null when there is none.</summary>
    public static string? Explain(string json)
    {
        int at = json.AsSpan().IndexOfAny(Marks);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> before = json.AsSpan(0, at);
        int line = before.Count('\n') + 1;
        int column = at - before.LastIndexOf('\n');
        return $"not JSON: line {line}, column {column} has a typographic quotation mark ({json[at]}, U+{(int)json[at]:X4}), as published examples do; replace all of them with straight ones (\")";
    }
}
