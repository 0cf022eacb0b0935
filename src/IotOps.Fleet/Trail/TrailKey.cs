using System.Globalization;
using System.Text.RegularExpressions;

namespace IotOps.Fleet.Trail;

/// <summary>
/// The key of a log file: <c>PREFIX/AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail/REGION/2026/01/31/ACCOUNT_CloudTrail_REGION_20260131T0105Z_16chars.json.gz</c>.
/// </summary>
internal static partial class TrailKey
{
    /// <summary>Whether a key or path may be a log file, of events or of insights: digest files lie beside them.</summary>
    public static bool IsLogFile(string key) =>
        (key.EndsWith(".json.gz", StringComparison.OrdinalIgnoreCase) || key.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        && !key.Contains("/CloudTrail-Digest/", StringComparison.Ordinal);

    /// <summary>The minute in a file's name, at which CloudTrail wrote it; null when there is none.</summary>
    public static DateTimeOffset? TimeOf(string key) =>
        Minute().Match(key) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups["time"].Value, "yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;

    [GeneratedRegex("_(?<time>[0-9]{8}T[0-9]{4}Z)[^/]*$", RegexOptions.ExplicitCapture | RegexOptions.RightToLeft, 1_000)]
    private static partial Regex Minute();
}
