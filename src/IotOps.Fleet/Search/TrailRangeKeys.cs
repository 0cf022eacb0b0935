using System.Globalization;
using System.Runtime.CompilerServices;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Search;

/// <summary>The keys of the log files of a range.</summary>
internal static class TrailRangeKeys
{
    public static async IAsyncEnumerable<string> FindAsync(
        TrailSearchOptions options, TrailRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TrailFolder folder in TrailFolder.FindAsync(options.Objects, options.Bucket, options.Prefix, TrailFolder.Logs, cancellationToken).ConfigureAwait(false))
        {
            if ((options.Accounts.Count > 0 && !options.Accounts.Contains(folder.Account, StringComparer.Ordinal))
                || (options.Regions.Count > 0 && !options.Regions.Contains(folder.Region, StringComparer.Ordinal)))
            {
                continue;
            }

            foreach (DateOnly day in range.Days())
            {
                string prefix = folder.Prefix + day.ToString("yyyy'/'MM'/'dd'/'", CultureInfo.InvariantCulture);
                await foreach (TrailObjectInfo found in options.Objects.ListAsync(options.Bucket, prefix, cancellationToken).ConfigureAwait(false))
                {
                    if (TrailKey.IsLogFile(found.Key) && range.Has(TrailKey.TimeOf(found.Key)))
                    {
                        yield return found.Key;
                    }
                }
            }
        }
    }
}
