using System.Threading.Channels;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Lifecycle events, alarms of Detect and audits out of an SQS queue. A message is deleted when the store has it; several consoles may share a queue and
/// a store.
/// </summary>
/// <param name="client">A client of <see cref="EventQueueReader.Service"/>; stays the caller's.</param>
/// <param name="queueUrl">The queue.</param>
/// <param name="clock">The clock.</param>
/// <param name="loggers">Where failures are logged.</param>
internal sealed class QueueFeed(AwsClient client, string queueUrl, TimeProvider clock, ILoggerFactory loggers) : IFeed, IMessageHandler
{
    private const int MostAtOnce = 500;
    private static readonly string[] Patterns =
    [
        """{"eventType":["connected","disconnected","connect_failed","subscribed","unsubscribed"]}""",
        """{"violationEventType":[{"exists":true}]}""",
        """{"taskStatus":[{"exists":true}]}""",
    ];

    private readonly Channel<(RoutedMessage Message, TaskCompletionSource Stored)> _waiting = Channel.CreateBounded<(RoutedMessage, TaskCompletionSource)>(MostAtOnce);

    public string Name => $"queue {queueUrl[(queueUrl.LastIndexOf('/') + 1)..]}";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        var router = new EventRouter(new EventRouterOptions { Routes = [.. Patterns.Select((pattern, i) => new EventRoute($"console{i}", EventPattern.Parse(pattern), this))] });
        var queue = new EventQueueReader(new EventQueueOptions { Client = client, QueueUrl = queueUrl, Router = router, Workers = 4, TimeProvider = clock, LoggerFactory = loggers });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task storing = StoreAsync(store, progress, stop.Token);
        try
        {
            await queue.RunAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Returns when the store has the message; the queue deletes it then.</summary>
    public async Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((message, stored), cancellationToken);
        await stored.Task.WaitAsync(cancellationToken);
    }

    private async Task StoreAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        var reader = new MessageReader(SegmentRules.Default);
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            var items = new FeedItems();
            List<TaskCompletionSource> taken = [];
            while (taken.Count < MostAtOnce && _waiting.Reader.TryRead(out (RoutedMessage Message, TaskCompletionSource Stored) one))
            {
                try
                {
                    reader.Read(one.Message.Json, null, clock.GetUtcNow(), items);
                    taken.Add(one.Stored);
                }
                catch (FormatException e)
                {
                    // It stays in the queue, and ends as a dead letter.
                    progress.Problem(e.Message);
                    one.Stored.SetException(e);
                }
            }

            try
            {
                progress.Take(await store.AppendAsync(items.Take(Name, default), CancellationToken.None));
                taken.ForEach(one => one.SetResult());
            }
            catch (IOException e)
            {
                progress.Problem(e.Message);
                taken.ForEach(one => one.SetException(e));
            }
        }
    }
}
