using System.Buffers;
using System.Text;

namespace IotOps.Fleet.Queries;

/// <summary>Values and fields as they are written in a query.</summary>
internal static class QueryText
{
    /// <summary>Characters that the service does not support in a query; a backslash only escapes.</summary>
    public const string Unsupported = "`@#%/';,";

    /// <summary>The same, to look for them.</summary>
    public static readonly SearchValues<char> UnsupportedCharacters = SearchValues.Create(Unsupported);

    private const string Special = "\\*?[]{}\"<>=+:()^~&|!-";

    /// <summary>A value that is read back as it is, whatever characters it has.</summary>
    public static string Escape(string value)
    {
        if (value is "AND" or "OR" or "NOT" or "TO" || value.Any(char.IsWhiteSpace))
        {
            return $"\"{string.Concat(value.Select(c => c is '"' or '\\' or '*' or '?' ? $"\\{c}" : c.ToString()))}\"";
        }

        var escaped = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            // A hyphen negates only at the beginning, and there a number needs it.
            bool isPlain = !Special.Contains(value[i], StringComparison.Ordinal) || (value[i] == '-' && (i > 0 || QueryValues.Number(value) is not null));
            escaped.Append(isPlain ? "" : "\\").Append(value[i]);
        }

        return escaped.ToString();
    }

    public static string Escape(char value) => Special.Contains(value, StringComparison.Ordinal) && value != '-' ? $"\\{value}" : value.ToString();

    public static string EscapeField(string field) => string.Concat(field.Select(Escape));
}
