using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Runs feeds beside the pages, each by itself: one that fails is run again after a second, then after longer, up to a minute.</summary>
internal sealed class FeedHost(IReadOnlyList<IFeed> feeds, IConsoleWriter store, TimeProvider clock, ILogger<FeedHost> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Maintenance = TimeSpan.FromHours(1);
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(30);

    /// <summary>The feeds and what they have done.</summary>
    public IReadOnlyList<(IFeed Feed, FeedProgress Progress)> Feeds { get; } = [.. feeds.Select(feed => (feed, new FeedProgress()))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. Feeds.Select(one => Task.Run(() => RunAsync(one.Feed, one.Progress, stoppingToken), CancellationToken.None)), MaintainAsync(stoppingToken), TellAsync(stoppingToken)]);

    private async Task RunAsync(IFeed feed, FeedProgress progress, CancellationToken stopping)
    {
        TimeSpan wait = TimeSpan.FromSeconds(1);
        while (!stopping.IsCancellationRequested)
        {
            long before = progress.Added;
            try
            {
                await feed.RunAsync(store, progress, stopping);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A console whose feed ended because of one error that nobody foresaw would show yesterday for ever.
            catch (Exception e)
#pragma warning restore CA1031
            {
                progress.Problem(e.Message);
                FeedLog.Failed(logger, feed.Name, e.Message, wait.TotalSeconds);
            }

            wait = progress.Added > before ? TimeSpan.FromSeconds(1) : wait;
            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = 2 * wait < LongestWait ? 2 * wait : LongestWait;
        }
    }

    private async Task MaintainAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await store.MaintainAsync(clock.GetUtcNow(), stopping);
            }
            catch (IOException e)
            {
                FeedLog.NotMaintained(logger, e.Message);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Maintenance, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        Dictionary<string, (long, long)> before = new(StringComparer.Ordinal);
        while (!stopping.IsCancellationRequested)
        {
            foreach ((IFeed feed, FeedProgress progress) in Feeds)
            {
                (long, long) now = (progress.Added, progress.Problems + progress.Refused);
                if (now != before.GetValueOrDefault(feed.Name))
                {
                    before[feed.Name] = now;
                    FeedLog.Progress(logger, feed.Name, progress.Added, progress.Repeated, progress.Refused, progress.Problems, progress.LastProblem ?? "none");
                }
            }

            await Task.Delay(Told, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
