using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SQS;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.EndToEnd;

/// <summary>A report is published, a rule puts it on a queue, the worker raises the alarm: the rules' SQL as it is deployed.</summary>
public sealed class FleetToAlarmTests : IAsyncLifetime
{
    private const string Profile = """
        {"securityProfileName":"ports","behaviors":[{"name":"few-ports","metric":"aws:num-listening-tcp-ports",
         "criteria":{"comparisonOperator":"less-than","value":{"count":3},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}]}
        """;

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private AwsEmulator _emulator = null!;
    private AmazonSQSClient _sqs = null!;
    private AwsClient _iot = null!;
    private EmulatedQueue _queue = null!;
    private SqliteDetectStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        var credentials = new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey);
        _sqs = new AmazonSQSClient(credentials, new AmazonSQSConfig { ServiceURL = _emulator.Endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1" });
        _iot = new AwsClient(new AwsClientOptions { Service = AwsService.Iot, Region = "us-east-1", Credentials = credentials, Endpoint = _emulator.Endpoint });
        _queue = _emulator.Sqs.CreateQueue("detect");
        _store = await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = Path.Combine(_directory.Path, "detect.db") }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _iot.Dispose();
        _sqs.Dispose();
        await _emulator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Reports_in_any_order_and_twice_end_in_the_alarms_of_their_order()
    {
        await CreateRuleAsync("reports", DetectRules.ReportSql("fleet/{thing}/defender"));
        _queue.DisorderSeed = 3;
        for (int i = 0; i < 10; i++)
        {
            for (int thing = 0; thing < 5; thing++)
            {
                // Five ports at the third and fourth report, one at the others.
                _emulator.Mqtt.Publish($"fleet/pump-{thing}/defender", Report(1_700_000_000 + (i * 300), i is 2 or 3 ? 5 : 1));
            }
        }

        // One batch, in whatever order, and what comes twice in the next.
        using DetectWorker worker = Worker();
        while (_queue.Messages.Count > 0)
        {
            await worker.ReceiveAsync(Token);
        }

        // The first reports of a thing wait a minute for what may come before them.
        _time.Advance(TimeSpan.FromSeconds(61));
        await worker.HandleDueAsync(Token);
        DetectWorkerStatistics statistics = worker.Statistics;
        (statistics.Late, statistics.Alarms, statistics.Failed).ShouldBe((0, 10, 0));
        statistics.Duplicates.ShouldBe(statistics.Events - 50);
        statistics.Duplicates.ShouldBeGreaterThan(0);

        IReadOnlyList<StoredAlarm> alarms = await _store.ClaimAlarmsAsync(DateTimeOffset.MaxValue.AddYears(-1), DateTimeOffset.MaxValue.AddYears(-1), 100, Token);
        JsonElement[] events = [.. alarms.Select(alarm => JsonElement.Parse(alarm.Json.Span))];
        for (int thing = 0; thing < 5; thing++)
        {
            events.Where(one => one.GetProperty("thingName").GetString() == $"pump-{thing}").Select(one => one.GetProperty("violationEventType").GetString()).Order(StringComparer.Ordinal)
                .ShouldBe(["alarm-cleared", "in-alarm"]);
        }
    }

    [Fact]
    public async Task A_rule_that_names_a_fifo_queue_is_refused()
    {
        AwsException refused = await Should.ThrowAsync<AwsException>(() => CreateRuleAsync("reports", DetectRules.LifecycleSql, "https://sqs.us-east-1.amazonaws.com/1/a.fifo"));
        refused.Code.ShouldBe("InvalidRequestException");
        refused.Message.ShouldContain("FIFO");
    }

    private static byte[] Report(long id, int ports) => Encoding.UTF8.GetBytes(
        $$$"""{"header":{"report_id":{{{id}}},"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[],"total":{{{ports}}} } } }""");

    private DetectWorker Worker() => new(new DetectWorkerOptions
    {
        Inbox = Inbox(),
        Store = _store,
        TimeProvider = _time,
        Engine = new DetectEngine(new DetectEngineOptions { Profiles = [DetectProfile.Parse(Encoding.UTF8.GetBytes(Profile))] }),
    });

    private SqsDetectInbox Inbox() => new(_sqs, new SqsDetectInboxOptions { QueueUrl = _queue.Url, Wait = TimeSpan.Zero });

    private Task<AwsResponse> CreateRuleAsync(string name, string sql, string? queue = null) => _iot.SendAsync(
        AwsRequest.RestJson("CreateTopicRule", $"/rules/{name}", json =>
        {
            json.WriteString("sql"u8, sql);
            json.WriteString("awsIotSqlVersion"u8, DetectRules.SqlVersion);
            json.WriteStartArray("actions"u8);
            json.WriteStartObject();
            json.WriteStartObject("sqs"u8);
            json.WriteString("queueUrl"u8, queue ?? _queue.Url.AbsoluteUri);
            json.WriteString("roleArn"u8, "arn:aws:iam::000000000000:role/rules"u8);
            json.WriteBoolean("useBase64"u8, false);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }),
        Token);
}
