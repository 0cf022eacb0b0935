using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IotOps.Fleet.Queries;

/// <summary>Values as the fleet index compares them.</summary>
internal static partial class QueryValues
{
    /// <summary>The text of a leaf; null for an object, an array and null.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => String(value),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    // Half of a surrogate pair is found out only here; such a text equals nothing.
    private static string? String(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The number that a text is; null when it is none.</summary>
    public static double? Number(string text) =>
        text.Length is > 0 and <= 40 && (char.IsAsciiDigit(text[^1]))
        && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    /// <summary>The words of a text: what stands between white space.</summary>
    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a text is a version with dots, such as 2.0.10, which has no order as a number and a wrong one as a text.</summary>
    public static bool IsVersion(string text) => Version().IsMatch(text);

    [GeneratedRegex(@"^[vV]?\d+(\.\d+){2,}([-+.].*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
