using System.Globalization;
using System.Text;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// CloudTrail's records of AWS IoT and Greengrass, and what the digests say of each hour. Half an hour before the position is read again each time:
/// CloudTrail delivers late.
/// </summary>
/// <param name="search">Where the trail is.</param>
/// <param name="keys">The digests' public keys; null for digests that are not checked.</param>
/// <param name="since">Where the first run begins.</param>
/// <param name="clock">The clock.</param>
internal sealed class TrailFeed(TrailSearchOptions search, ITrailPublicKeys? keys, DateTimeOffset since, TimeProvider clock) : IFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(30);

    // The digest of an hour comes within the next one.
    private static readonly TimeSpan DigestDelay = TimeSpan.FromHours(2);

    public string Name => "trail";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReadAsync(store, progress, cancellationToken);
            if (keys is not null)
            {
                await CheckAsync(store, keys, progress, cancellationToken);
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    /// <summary>Reads up to now.</summary>
    public async Task ReadAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        DateTimeOffset? position = await PositionAsync(store, Name, cancellationToken);
        DateTimeOffset from = position is { } known && known - Again > since ? known - Again : since;
        DateTimeOffset until = clock.GetUtcNow();
        if (until <= from)
        {
            return;
        }

        // The store tells what came before from what is new.
        using var reader = new CloudTrailReader(new CloudTrailReaderOptions { RememberedEvents = 0 });
        var items = new FeedItems();
        await foreach (CloudTrailRecord record in new TrailSearch(search).FindAsync(new TrailQuery { Since = from, Until = until, What = "iot:*, greengrass:*" }, reader, clock, cancellationToken))
        {
            if (TrailRow.Of(record) is { } row)
            {
                items.Trail.Add(row);
                items.Grow(row.Json.Length);
                if (items.IsFull)
                {
                    // Where it was: records come file by file, and an earlier one may follow.
                    progress.Take(await store.AppendAsync(items.Take(Name, Bytes(position ?? since)), cancellationToken));
                }
            }
        }

        progress.Take(await store.AppendAsync(items.Take(Name, Bytes(until)), cancellationToken));
        foreach (CloudTrailProblem problem in reader.Problems)
        {
            progress.Problem(problem.ToString());
        }
    }

    /// <summary>Checks the hours whose digests are there by now, each once.</summary>
    public async Task CheckAsync(IConsoleWriter store, ITrailPublicKeys publicKeys, FeedProgress progress, CancellationToken cancellationToken)
    {
        const string Digests = "digests";
        DateTimeOffset now = clock.GetUtcNow();
        var validator = new DigestValidator(new DigestValidatorOptions
        {
            Objects = search.Objects,
            Bucket = search.Bucket,
            Prefix = search.Prefix,
            Accounts = search.Accounts,
            Regions = search.Regions,
            PublicKeys = publicKeys,
            TimeProvider = clock,
        });
        DateTimeOffset hour = await PositionAsync(store, Digests, cancellationToken) ?? new DateTimeOffset(since.UtcTicks - (since.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        for (; hour + DigestDelay <= now; hour = hour.AddHours(1))
        {
            DigestReport report = await validator.ValidateAsync(hour, hour.AddHours(1), cancellationToken: cancellationToken);
            var batch = new ConsoleBatch { Feed = Digests, Position = Bytes(hour.AddHours(1)), Digests = [Verdict(report, hour, now)] };
            progress.Take(await store.AppendAsync(batch, cancellationToken));
        }
    }

    private static DigestHour Verdict(DigestReport report, DateTimeOffset hour, DateTimeOffset now)
    {
        if (report.Problems.Count == 0)
        {
            return new DigestHour(hour, report.Digests == 0 ? DigestVerdict.Unverified : report.Gaps.Count > 0 ? DigestVerdict.Gap : DigestVerdict.Verified, null, now);
        }

        bool isMissing = report.Problems.All(problem => problem.Reason is DigestProblemReason.DigestMissing or DigestProblemReason.NewestDigestMissing or DigestProblemReason.LogMissing);
        string more = report.Problems.Count > 1 ? $" And {report.Problems.Count - 1} more." : "";
        return new DigestHour(hour, isMissing ? DigestVerdict.Gap : DigestVerdict.Invalid, $"{report.Problems[0]}{more}", now);
    }

    private static async Task<DateTimeOffset?> PositionAsync(IConsoleWriter store, string feed, CancellationToken cancellationToken) =>
        await store.ReadPositionAsync(feed, cancellationToken) is { } position && long.TryParse(Encoding.ASCII.GetString(position.Span), NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static byte[] Bytes(DateTimeOffset time) => Encoding.ASCII.GetBytes(time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
}
