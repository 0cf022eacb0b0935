using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>The errors of a log group of CloudWatch Logs, from a checkpoint that lies in the store with the events before it.</summary>
/// <param name="client">A client of CloudWatch Logs; stays the caller's.</param>
/// <param name="group">The log group.</param>
/// <param name="since">Where the first run begins.</param>
/// <param name="clock">The clock.</param>
internal sealed class LogGroupFeed(AwsClient client, string group, DateTimeOffset since, TimeProvider clock) : IFeed
{
    // Entries that are no errors are not asked for.
    private const string Errors = "{ $.logLevel = \"ERROR\" || $.logLevel = \"FATAL\" || $.status = \"Failure\" }";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly MessageReader _messages = new(SegmentRules.Default);

    public string Name => $"logs {group}";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReadAsync(store, progress, cancellationToken);
            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    /// <summary>Reads up to now.</summary>
    public async Task ReadAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        IotLogCheckpoint? checkpoint = await store.ReadPositionAsync(Name, cancellationToken) is { } position ? IotLogCheckpoint.Parse(position.Span) : null;
        var source = new IotLogSource(client, new IotLogSourceOptions { LogGroup = group, FilterPattern = Errors }, checkpoint);
        var items = new FeedItems();
        await foreach (IotLogLine line in source.ReadAsync(since, clock.GetUtcNow(), cancellationToken))
        {
            _messages.ReadLog(line.Message, line.Time, items);
            if (items.IsFull)
            {
                await HandOverAsync();
            }
        }

        if (items.Count > 0)
        {
            await HandOverAsync();
        }

        async Task HandOverAsync() => progress.Take(await store.AppendAsync(items.Take(Name, source.Checkpoint?.ToUtf8Json()), cancellationToken));
    }
}
