using System.Globalization;

namespace IotOps.Shadow.Sync;

/// <summary>Reads how many levels the service takes out of its refusal: "JSON contains too many levels of nesting; maximum is 6".</summary>
internal static class DepthLimit
{
    /// <summary>The maximum that a reason names; null when it names none of levels.</summary>
    public static int? In(string reason)
    {
        int at = reason.IndexOf("maximum", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !(reason.Contains("nesting", StringComparison.OrdinalIgnoreCase) || reason.Contains("level", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        ReadOnlySpan<char> rest = reason.AsSpan(at);
        int digit = rest.IndexOfAnyInRange('0', '9');
        if (digit < 0)
        {
            return null;
        }

        rest = rest[digit..];
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int maximum) && maximum > 0 ? maximum : null;
    }
}
