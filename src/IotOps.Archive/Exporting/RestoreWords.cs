using System.Globalization;
using IotOps.Archive.Records;

namespace IotOps.Archive.Exporting;

/// <summary>
/// Says how archived objects are restored, how long that takes and what it costs: the figures of us-east-1, of which other regions' differ a little.
/// See <see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html"/> and
/// <see href="https://aws.amazon.com/s3/pricing/"/>.
/// </summary>
internal static class RestoreWords
{
    private const decimal Gigabyte = 1L << 30;

    /// <summary>A hint; null when nothing is archived.</summary>
    /// <param name="bucket">Where the objects are.</param>
    /// <param name="counts">What was left out of each file.</param>
    public static string? Of(string bucket, IEnumerable<EntryCounts> counts)
    {
        EntryCounts[] files = [.. counts];
        string[] hints =
        [
            .. new[]
            {
                Hint(bucket, files.Select(f => f.Glacier), "GLACIER", "Days=1,GlacierJobParameters={Tier=Bulk}", _ => "in 5 to 12 hours, free of charge", c => $"Tier=Standard: in 3 to 5 hours, {Cost(c, 0.01m, 0.05m)}"),
                Hint(bucket, files.Select(f => f.DeepArchive), "DEEP_ARCHIVE", "Days=1,GlacierJobParameters={Tier=Bulk}", c => $"within 48 hours, {Cost(c, 0.0025m, 0.025m)}", c => $"Tier=Standard: within 12 hours, {Cost(c, 0.02m, 0.10m)}"),
                Hint(bucket, files.Select(f => f.ArchiveTier), "an archive tier of INTELLIGENT_TIERING", "GlacierJobParameters={Tier=Standard}", _ => "within 12 hours, free of charge", _ => ""),
            }.OfType<string>(),
        ];
        return hints.Length == 0 ? null : string.Join(' ', hints);
    }

    private static string? Hint(
        string bucket, IEnumerable<ArchivedCounts> files, string where, string request, Func<UnreadableCounts, string> how, Func<UnreadableCounts, string> faster)
    {
        ArchivedCounts[] archived = [.. files.Where(f => f.FirstKey is not null)];
        if (archived.Length == 0)
        {
            return null;
        }

        var all = new UnreadableCounts(archived.Sum(f => f.Objects), archived.Sum(f => f.Bytes));
        string size = string.Create(CultureInfo.InvariantCulture, $"{all.Bytes / Gigabyte:0.###} GiB");
        string more = all.Records == 1 ? "" : ", and so for the other keys in manifest.json";
        string other = faster(all) is { Length: > 0 } words ? $"; {words}" : "";
        return $"{Words.Count(all.Records, "object is", "objects are")} in {where} ({size}): aws s3api restore-object --bucket {Quoted(bucket)} --key {Quoted(archived[0].FirstKey!)}"
            + $" --restore-request '{request}'{more} ({how(all)}{other}). Then export again.";
    }

    private static string Cost(UnreadableCounts archived, decimal perGigabyte, decimal perThousand) => string.Create(
        CultureInfo.InvariantCulture, $"about ${Math.Max(0.01m, Math.Round((archived.Bytes / Gigabyte * perGigabyte) + (archived.Records / 1_000m * perThousand), 2)):0.00}");

    // For a shell, which leaves everything in single quotes alone but a single quote.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
