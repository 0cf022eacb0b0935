using Amazon;
using Amazon.SQS;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Fleet;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Detect/README.md.</summary>
internal static class DetectReadme
{
    public static void Rules()
    {
        Console.WriteLine(DetectRules.ReportSql("fleet/{thing}/defender")); // JSON and CBOR alike, as base64
        Console.WriteLine(DetectRules.LifecycleSql);                        // connected, disconnected, connect_failed
        Console.WriteLine(DetectRules.MessagesSql("#"));                    // optional: a line for each message of the fleet
        Console.WriteLine(DetectRules.ReceivedMessagesSql("commands/{thing}/#"));
    }

    public static void Message(ReadOnlyMemory<byte> body)
    {
        DetectMessage message = DetectMessage.Parse(body);
        Console.WriteLine($"{message.Thing}: {message.Event.Time:u}");
    }

    public static void Evaluate(IFleetMembership membership, DetectRecord? record, DetectMessage message, DateTimeOffset now)
    {
        var engine = new DetectEngine(new DetectEngineOptions
        {
            Profiles =
            [
                DetectProfile.Parse(File.ReadAllBytes("gateways.json"), DetectTarget.ParseList(File.ReadAllBytes("gateways-targets.json"))),
                DetectProfile.Parse(File.ReadAllBytes("everybody.json"), [DetectTarget.RegisteredThings]),
            ],
            Membership = membership,                              // which groups a thing is in
            Sources = DetectSources.Reports | DetectSources.Lifecycle | DetectSources.Logs,
        });
        DetectVerdict verdict = engine.Evaluate(record, message.Thing, [message.Event], now);
        Console.WriteLine($"{verdict.Alarms.Count} alarms; again at {verdict.DueAt:u}");
    }

    public static async Task Membership(AwsClient iot, IReadOnlyList<DetectProfile> profiles, CancellationToken stopping)
    {
        await using AccountMembership membership = await AccountMembership.LoadAsync(
            new AccountMembershipOptions { Iot = iot, Profiles = profiles }, stopping); // or FileMembership.LoadAsync("things.json")
    }

    public static async Task Work(DetectEngine engine, Uri queueUrl, CancellationToken stopping)
    {
        using var sqs = new AmazonSQSClient(RegionEndpoint.EUWest1);
        await using SqliteDetectStore store = await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = "/var/lib/fleet/detect.db" }, stopping);
        using var worker = new DetectWorker(new DetectWorkerOptions
        {
            Inbox = new SqsDetectInbox(sqs, new SqsDetectInboxOptions { QueueUrl = queueUrl }),
            Store = store,
            Engine = engine,
        });
        await worker.RunAsync(stopping);
    }

    public static async Task Alarms(Uri hookUrl, string hookSecret, DateTimeOffset until, IDetectStore store, ConnectivityMonitor monitor, LifecycleEvent lifecycleEvent)
    {
        using var sns = new AwsClient(new AwsClientOptions { Service = SnsAlarmSink.Service, Region = "eu-west-1" });
        using var hook = new WebhookAlarmSink(new WebhookAlarmSinkOptions { Url = hookUrl, Secrets = [hookSecret] });
        await using var alarms = new AlarmDispatcher(new AlarmDispatcherOptions
        {
            Sinks = [new SnsAlarmSink(sns, "arn:aws:sns:eu-west-1:123456789012:fleet-alarms"), hook],
            Mutes = [new AlarmMute("lab-*", null, until) { Reason = "load test" }],
        });
        await using var forwarder = new AlarmForwarder(store, alarms); // the alarms that the worker commits

        foreach (ConnectivityAlarm unusual in monitor.Add(lifecycleEvent))
        {
            bool isDelivered = await alarms.DeliverAsync(FleetAlarm.Of(unusual)); // true: acknowledge it to its source
        }
    }
}
