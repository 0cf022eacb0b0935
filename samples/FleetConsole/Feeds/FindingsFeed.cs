using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>The findings of Device Defender's audits, which the service keeps for 90 days.</summary>
/// <param name="iot">A client of AWS IoT; stays the caller's.</param>
/// <param name="clock">The clock.</param>
internal sealed class FindingsFeed(AwsClient iot, TimeProvider clock) : IFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public string Name => "audit findings";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReadAsync(store, progress, cancellationToken);
            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    /// <summary>Reads all that the service keeps.</summary>
    public async Task ReadAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var items = new FeedItems();
        await foreach (AuditFinding finding in new AuditFindings(iot).BetweenAsync(now - Kept, now, cancellationToken))
        {
            try
            {
                items.Findings.Add(FindingConversion.Of(finding));
            }
            catch (FormatException e)
            {
                progress.Problem(e.Message);
            }

            if (items.IsFull)
            {
                progress.Take(await store.AppendAsync(items.Take(Name, default), cancellationToken));
            }
        }

        progress.Take(await store.AppendAsync(items.Take(Name, default), cancellationToken));
    }
}
