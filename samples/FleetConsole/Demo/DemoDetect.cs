using System.Globalization;
using System.Text;
using IotOps.Detect;
using IotOps.Mqtt;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Demo;

/// <summary>A DetectWorker in this process: the reports of devices go from the broker into its inbox, as a rule puts them on a queue, and its alarms into the console.</summary>
internal sealed class DemoDetect : IFeed, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const string Reports = "$aws/things/+/defender/metrics/json";

    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _port;
    private readonly SqliteDetectInbox _inbox;
    private readonly SqliteDetectStore _store;
    private readonly DetectWorker _worker;
    private readonly TimeProvider _clock;

    private DemoDetect(SqliteDetectInbox inbox, SqliteDetectStore store, int port, TimeProvider clock)
    {
        (_inbox, _store, _port, _clock) = (inbox, store, port, clock);
        _worker = new DetectWorker(new DetectWorkerOptions { Inbox = inbox, Store = store, Engine = new DetectEngine(new DetectEngineOptions { Profiles = [Profile], Sources = DetectSources.Reports }), TimeProvider = clock });
    }

    public string Name => "detect";

    /// <summary>Ends when reports that devices publish get to the worker.</summary>
    public Task Listens => _listens.Task;

    private static DetectProfile Profile { get; } = DetectProfile.Parse(
        Encoding.UTF8.GetBytes("""
        {"securityProfileName":"fleet-baseline","behaviors":[
          {"name":"listening-ports","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[22]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
          {"name":"destinations","metric":"aws:destination-ip-addresses","criteria":{"comparisonOperator":"in-cidr-set","value":{"cidrs":["198.51.100.0/24"]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
          {"name":"bytes-out","metric":"aws:all-bytes-out","criteria":{"comparisonOperator":"less-than","value":{"count":100000},"durationSeconds":300,"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}]}
        """),
        [DetectTarget.AllThings]);

    public static async Task<DemoDetect> OpenAsync(string folder, int port, TimeProvider clock, CancellationToken cancellationToken)
    {
        SqliteDetectInbox inbox = await SqliteDetectInbox.OpenAsync(new SqliteDetectInboxOptions { Path = Path.Combine(folder, "inbox.db"), TimeProvider = clock }, cancellationToken);
        try
        {
            return new DemoDetect(inbox, await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = Path.Combine(folder, "detect.db") }, cancellationToken), port, clock);
        }
        catch
        {
            await inbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>A report as the rule of reports puts it on a queue.</summary>
    public static byte[] Judged(string thing, ReadOnlyMemory<byte> report, DateTimeOffset time) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{{\"report\":\"{Convert.ToBase64String(report.Span)}\",\"thing\":\"{thing}\",\"time\":{time.ToUnixTimeMilliseconds()}}}"));

    /// <summary>Hands reports to the worker.</summary>
    public Task TakeAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> reports) => reports.Count == 0 ? Task.CompletedTask : _inbox.EnqueueAsync(reports);

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        Task working = Task.WhenAll(_worker.RunAsync(cancellationToken), ForwardAsync(cancellationToken));
        var reader = new MessageReader(SegmentRules.Default);
        while (!cancellationToken.IsCancellationRequested && !working.IsFaulted)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            IReadOnlyList<StoredAlarm> alarms = await _store.ClaimAlarmsAsync(now, now.AddMinutes(1), 100, cancellationToken);
            if (alarms.Count > 0)
            {
                var items = new FeedItems();
                foreach (StoredAlarm alarm in alarms)
                {
                    reader.Read(alarm.Json, null, alarm.Time, items);
                }

                progress.Take(await store.AppendAsync(items.Take(Name, default), cancellationToken));
                await _store.RemoveAlarmsAsync([.. alarms.Select(alarm => alarm.Id)], cancellationToken);
            }

            await Task.Delay(Interval, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await working;
    }

    private async Task ForwardAsync(CancellationToken cancellationToken)
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Port = _port, Tls = null, ClientId = "detect-rule", CleanStart = true, SessionExpiry = TimeSpan.Zero });
        await connection.ConnectAsync(cancellationToken);
        await using IMqttSubscription subscription = await connection.SubscribeAsync([Reports], cancellationToken: cancellationToken);
        _listens.TrySetResult();
        await foreach (MqttReceivedMessage message in subscription.Messages.ReadAllAsync(cancellationToken))
        {
            using (message)
            {
                await _inbox.EnqueueAsync([Judged(message.Topic.Split('/')[2], message.Payload, _clock.GetUtcNow())], cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        await _inbox.DisposeAsync();
        await _store.DisposeAsync();
    }
}
