using System.Text;
using IotOps.Detect;

namespace IotOps.Soak.Detect;

/// <summary>The process that is killed: a worker, and a receiver of alarms that writes each to a file before it is removed.</summary>
internal static class SoakWorker
{
    private const int AlarmsAtOnce = 50;

    public static async Task RunAsync(DetectSoakSetup setup, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using IDetectStore store = await setup.OpenStoreAsync();
        (IDetectInbox inbox, _) = await setup.OpenInboxAsync();
        using var worker = new DetectWorker(new DetectWorkerOptions
        {
            Inbox = inbox,
            Store = store,
            Engine = SoakFleet.Engine(patience),
            BatchSize = DetectSoak.BatchSize,
            Receivers = 1,
            DueInterval = TimeSpan.FromSeconds(1),
        });
        await Task.WhenAll(worker.RunAsync(cancellationToken), ForwardAsync(store, setup.Alarms, cancellationToken));
    }

    private static async Task ForwardAsync(IDetectStore store, string file, CancellationToken cancellationToken)
    {
        await using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            IReadOnlyList<StoredAlarm> alarms = await store.ClaimAlarmsAsync(now, now.AddSeconds(3), AlarmsAtOnce, cancellationToken);
            if (alarms.Count == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
                continue;
            }

            await output.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(alarms.Select(alarm => alarm.Id + "\n"))), cancellationToken);
            await store.RemoveAlarmsAsync([.. alarms.Select(alarm => alarm.Id)], cancellationToken);
        }
    }
}
