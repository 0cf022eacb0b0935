using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Mqtt;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.FleetConsole.Tests.Feeds;

/// <summary>Feeds of an account, on the emulator.</summary>
public sealed class LiveFeedTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private readonly FeedProgress _progress = new();
    private AwsEmulator _aws = null!;
    private SqliteConsoleStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        _store = await SqliteConsoleStore.OpenAsync(_data["console.db"], cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _aws.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task The_broker_s_events_reports_and_shadows_arrive_and_those_of_a_pause_too()
    {
        await RunFeedAsync(async () =>
        {
            await _aws.Mqtt.WaitForSubscriptionAsync("fleet-console", "$aws/events/presence/#", Cancel);
            await using MqttConnection device = await ConnectAsync("THING00001");
            await device.PublishAsync("$aws/things/THING00001/defender/metrics/json", Encoding.UTF8.GetBytes("""{"hed":{"rid":1,"v":"1.0"},"met":{"tp":{"t":0}}}"""), cancellationToken: Cancel);
            await device.PublishAsync("$aws/things/THING00003/defender/metrics/cbor", "not CBOR"u8.ToArray(), cancellationToken: Cancel);
            await device.PublishAsync("$aws/things/THING00003/defender/metrics/cbor", Convert.FromHexString("a266686561646572a2697265706f72745f6964016776657273696f6e63312e30676d657472696373a16d6e6574776f726b5f7374617473a46862797465735f696e016962797465735f6f7574026a7061636b6574735f696e036b7061636b6574735f6f757404"), cancellationToken: Cancel);
            _aws.Shadows.Update("THING00001", """{"state":{"desired":{"led":true}}}""");
            await WaitAsync(async () => (await _store.ReadDocumentsAsync("THING00001", Cancel)).Count == 2 && (await _store.FindClientAsync("THING00001", Cancel)) is { IsConnected: true });
            await WaitAsync(async () => (await _store.ReadDocumentsAsync("THING00003", Cancel)).Count == 1);
            _progress.Problems.ShouldBe(1, _progress.LastProblem);
        });

        // While nobody reads: the session keeps what comes.
        await using (MqttConnection other = await ConnectAsync("THING00002"))
        {
        }

        await RunFeedAsync(() => WaitAsync(async () => await _store.FindClientAsync("THING00002", Cancel) is { IsConnected: false }));
        (await _store.ReadConnectionsAsync("THING00002", Ever, cancellationToken: Cancel)).Select(row => row.Kind).ShouldBe([LifecycleEventKind.Disconnected, LifecycleEventKind.Connected]);

        Task RunFeedAsync(Func<Task> during) => DuringAsync(new BrokerFeed("127.0.0.1", _aws.Mqtt.Port, TimeProvider.System), during);
    }

    [Fact]
    public async Task A_log_group_is_read_from_its_checkpoint_and_each_error_once()
    {
        _aws.Logs.CreateGroup("AWSIotLogsV2");
        _aws.Logs.CreateStream("AWSIotLogsV2", "s");
        using AwsClient client = Client(AwsService.CloudWatchLogs);
        var feed = new LogGroupFeed(client, "AWSIotLogsV2", TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System);
        for (int round = 1; round <= 3; round++)
        {
            await PutAsync(client, [.. Enumerable.Range(0, 20).Select(i => Log(i % 2 == 0 ? "ERROR" : "INFO", $"{round}-{i}"))]);
            await feed.ReadAsync(_store, _progress, Cancel);
            await feed.ReadAsync(_store, _progress, Cancel);
            (await _store.ReadStatusAsync(Cancel)).Events.ShouldBe(10 * round);
        }

        _progress.Repeated.ShouldBe(0);
    }

    [Fact]
    public async Task Messages_of_a_queue_are_deleted_when_the_store_has_them_and_count_once()
    {
        EmulatedQueue queue = _aws.Sqs.CreateQueue("fleet");
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string[] bodies = [.. Enumerable.Range(0, 30).Select(i => $$"""{"clientId":"THING{{i % 10:D5}}","timestamp":{{now - 60_000 + (1_000 * i)}},"eventType":"{{(i / 10 % 2 == 0 ? "connected" : "disconnected")}}","sessionIdentifier":"s{{i / 20}}","principalIdentifier":"p","versionNumber":{{i / 20}}}""")];
        foreach (string body in bodies.Concat(bodies))
        {
            queue.Send(body);
        }

        using AwsClient client = Client(EventQueueReader.Service);
        await DuringAsync(
            new QueueFeed(client, queue.Url.ToString(), TimeProvider.System, NullLoggerFactory.Instance), () => WaitAsync(() => Task.FromResult(queue.Messages.Count == 0)));

        (await _store.ReadStatusAsync(Cancel)).Events.ShouldBe(30);
        (await _store.ReadConnectivityAsync(TimeProvider.System.GetUtcNow(), Cancel))[0].ShouldBe(new SegmentConnectivity("", 10, 10, 0));
    }

    private static TimeRange Ever => new(DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddDays(1));

    private async Task DuringAsync(IFeed feed, Func<Task> during)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task running = feed.RunAsync(_store, _progress, stop.Token);
        await during();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private async Task<MqttConnection> ConnectAsync(string thing)
    {
        var device = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Port = _aws.Mqtt.Port, Tls = null, ClientId = thing, CleanStart = true, SessionExpiry = TimeSpan.Zero });
        await device.ConnectAsync(Cancel);
        return device;
    }

    // The store is another task's: it is asked until it has it, at the pace of its own answers.
    private async Task WaitAsync(Func<Task<bool>> isThere)
    {
        // Half a minute is enough on any machine; one that never comes must not hold the tests up.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!await isThere())
        {
            late.IsCancellationRequested.ShouldBeFalse($"{_progress.Added} added, {_progress.Problems} problems, the last one: {_progress.LastProblem}; {string.Join(' ', (await _store.ReadDocumentsAsync("THING00001", Cancel)).Select(one => one.Name))}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }
    }

    private AwsClient Client(AwsService service) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Endpoint = _aws.Endpoint,
        Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
    });

    private static string Log(string level, string id) =>
        $$"""{"timestamp":"{{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}}","logLevel":"{{level}}","traceId":"{{id}}","status":"{{(level == "ERROR" ? "Failure" : "Success")}}","eventType":"Connect","clientId":"A","reason":"R","details":"d"}""";

    private static async Task PutAsync(AwsClient client, string[] lines) => await client.SendAsync(
        AwsRequest.Json11("Logs_20140328.PutLogEvents", json =>
        {
            json.WriteString("logGroupName"u8, "AWSIotLogsV2");
            json.WriteString("logStreamName"u8, "s");
            json.WriteStartArray("logEvents"u8);
            foreach (string line in lines)
            {
                json.WriteStartObject();
                json.WriteNumber("timestamp"u8, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                json.WriteString("message"u8, line);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        Cancel);
}
