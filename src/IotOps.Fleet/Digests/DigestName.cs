using System.Globalization;
using System.Text.RegularExpressions;

namespace IotOps.Fleet.Digests;

/// <summary>
/// The key of a digest:
/// <c>PREFIX/AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail-Digest/REGION/2026/01/31/ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_20260131T010000Z.json.gz</c>,
/// with <c>_backfill</c> behind the time where one was made later.
/// </summary>
/// <param name="Folder">Up to the region, with its slash.</param>
/// <param name="Stem">The file's name up to the time: the same in all digests of a trail.</param>
/// <param name="Time">The end of the digest's hour.</param>
/// <param name="IsBackfill">Whether it was made later.</param>
internal sealed partial record DigestName(string Folder, string Stem, DateTimeOffset Time, bool IsBackfill)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public string Key => KeyAt(Time);

    public static DigestName? Parse(string key) =>
        Pattern().Match(key) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups["time"].Value, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? new DigestName(match.Groups["folder"].Value, match.Groups["stem"].Value, time, match.Groups["backfill"].Success)
            : null;

    /// <summary>The key of this trail's digest of another hour.</summary>
    public string KeyAt(DateTimeOffset time) => string.Create(
        CultureInfo.InvariantCulture, $"{Folder}{time:yyyy'/'MM'/'dd'/'}{Stem}_{time.ToString(TimeFormat, CultureInfo.InvariantCulture)}{(IsBackfill ? "_backfill" : "")}.json.gz");

    [GeneratedRegex(@"^(?<folder>(.*/)?AWSLogs/.*/)[0-9]{4}/[0-9]{2}/[0-9]{2}/(?<stem>[^/]*_CloudTrail-Digest_[^/]+)_(?<time>[0-9]{8}T[0-9]{6}Z)(?<backfill>_backfill)?\.json\.gz$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Pattern();
}
