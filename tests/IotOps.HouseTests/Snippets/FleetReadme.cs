using System.Text.Json;
using Amazon;
using Amazon.S3;
using IotOps.Aws;
using IotOps.Fleet;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Fleet/README.md.</summary>
internal static class FleetReadme
{
    public static async Task Trail(DateTimeOffset since)
    {
        using var s3 = new AmazonS3Client(RegionEndpoint.EUWest1);
        var search = new TrailSearch(new TrailSearchOptions { Objects = new S3TrailObjects(s3), Bucket = "example-trail-bucket" });
        var query = new TrailQuery
        {
            Since = since,
            What = "iot:*Certificate, iot:*Policy, greengrass:*Deployment",
            WritesOnly = true,
        };

        using var reader = new CloudTrailReader();
        await foreach (CloudTrailRecord record in search.FindAsync(query, reader))
        {
            if (GreengrassActivity.Of(record) is { } greengrass)
            {
                Console.WriteLine($"{greengrass.Time:u} {greengrass.Actor} {greengrass.EventName} {greengrass.Target ?? greengrass.CoreDevice}");
            }
            else if (IotActivity.Of(record) is { } iot)
            {
                Console.WriteLine($"{iot.Time:u} {iot.Actor} {iot.EventName} {iot.Thing ?? iot.Certificate ?? iot.Policy}, {iot.Credentials} from {iot.SourceIPAddress}");
            }
        }

        foreach (CloudTrailProblem problem in reader.Problems)
        {
            Console.Error.WriteLine(problem); // s3://.../x.json.gz: byte 120: the gzip is damaged; the records before are kept. ...
        }
    }

    public static async Task Digests(AmazonS3Client s3, AwsClient cloudTrail, DateTimeOffset since, DateTimeOffset until)
    {
        var validator = new DigestValidator(new DigestValidatorOptions
        {
            Objects = new S3TrailObjects(s3),
            Bucket = "example-trail-bucket",
            PublicKeys = new CloudTrailPublicKeys(cloudTrail),
            Regions = ["eu-west-1"],
        });

        DigestReport report = await validator.ValidateAsync(since, until);
        foreach (DigestProblem problem in report.Problems)
        {
            Console.WriteLine(problem); // s3://bucket/key: log-modified: its content has SHA-256 ..., its digest says ...
        }

        Console.WriteLine(report.IsValid ? $"{report.Logs} log files are what CloudTrail delivered" : "do not trust this range");
    }

    public static async Task History(AwsClient cloudTrail, DateTimeOffset since)
    {
        using var history = new EventHistory(cloudTrail);
        await foreach (CloudTrailRecord record in history.FindAsync(new TrailQuery { Since = since, What = "iot:UpdateCertificate" }))
        {
            Console.WriteLine($"{record.EventTime:u} {record.Actor} from {record.SourceIPAddress}");
        }
    }

    public static async Task Selectors(string text, JsonElement record)
    {
        EventSelectors all = EventSelectors.AllGreengrassData();
        EventSelectors changes = EventSelectors.WriteOnlyData("AWS::IoT::Thing");
        await File.WriteAllBytesAsync("selectors.json", changes.ToUtf8Json()); // aws cloudtrail put-event-selectors --advanced-event-selectors file://selectors.json

        if (!EventSelectors.TryParse(text, EventSelectorTarget.Trail, out EventSelectors? own, out IReadOnlyList<EventSelectorProblem> problems))
        {
            foreach (EventSelectorProblem problem in problems)
            {
                Console.WriteLine(problem); // selector 0, field readOnly: takes Equals only, not NotEquals
            }
        }
        else if (own.Find(record) is { } selector)
        {
            Console.WriteLine($"'{selector.Name}' would log this record");
        }
    }

    public static async Task Patterns(string json, string text, string stateMachineArn, ReadOnlyMemory<byte> delivery, string messageId)
    {
        EventPattern lost = EventPattern.Parse("""{"eventType":["disconnected"],"disconnectReason":[{"anything-but":"CLIENT_INITIATED_DISCONNECT"}]}""");
        bool isLost = lost.Matches(json);

        if (!EventPattern.TryParse(text, out EventPattern? pattern, out EventPatternProblem? problem))
        {
            Console.WriteLine(problem); // detail.state, byte 23: an empty array lets nothing match; leave it out
        }

        Console.WriteLine($"{isLost} {pattern}");

        using var stepFunctions = new AwsClient(new AwsClientOptions { Service = StartExecutionHandler.Service, Region = "eu-west-1" });
        var router = new EventRouter(new EventRouterOptions
        {
            Routes = [new EventRoute("respond", lost, new StartExecutionHandler(stepFunctions, stateMachineArn))],
        });

        RouteResult result = await router.RouteAsync(delivery, key: messageId);
        result.ThrowIfFailed(); // so that the queue delivers again
    }

    public static async Task Queue(EventRouter router, string queueUrl, CancellationToken stopping)
    {
        using var sqs = new AwsClient(new AwsClientOptions { Service = EventQueueReader.Service, Region = "eu-west-1" });
        var queue = new EventQueueReader(new EventQueueOptions { Client = sqs, QueueUrl = queueUrl, Router = router });
        await queue.RunAsync(stopping); // until the token fires; then it waits up to 20 s for what is being handled
    }

    public static async Task Queries(AwsClient iot, IReadOnlyList<FleetThing> things)
    {
        FleetQuery query = FleetQuery.Equal(FleetField.Attribute("firmware"), "2.0.10").And(FleetQuery.GreaterThan(FleetField.Reported("battery"), 50));
        Console.WriteLine(query); // attributes.firmware:2.0.10 AND shadow.reported.battery>50

        var index = new FleetIndex(iot);
        await foreach (FleetThing thing in index.SearchAsync(query))
        {
            Console.WriteLine(thing.Name);
        }

        foreach (FleetThing thing in things)
        {
            FleetQueryVerdict verdict = query.Explain(thing);
            if (verdict.IsNearMiss)
            {
                Console.WriteLine($"{thing} {verdict.Misses[0]}"); // THING00002 shadow.reported.battery>50 (it is 40)
            }
        }
    }

    public static async Task Lifecycle(AwsClient iotData, byte[] payload, CancellationToken cancellationToken)
    {
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { Lookup = new FleetConnections(iotData) });
        var monitor = new ConnectivityMonitor(new ConnectivityMonitorOptions
        {
            Segments = [new FleetSegment("2.0.10 charged", FleetQuery.Parse("attributes.firmware:2.0.10 AND shadow.reported.battery>50"))],
        });

        // For each message of $aws/events/presence/#:
        LifecycleEvent lifecycleEvent = LifecycleEvent.Parse(payload);
        if (tracker.Apply(lifecycleEvent) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
        {
            foreach (ConnectivityAlarm alarm in monitor.Add(lifecycleEvent))
            {
                Console.WriteLine(alarm); // 2026-01-15 00:00:06Z SegmentDisconnects 2.0.10 charged: 8 disconnects within 5 minutes, 0.68 expected at this time of day: ...
            }
        }

        // Beside it:
        await foreach (ClientConnection client in tracker.OfflineAsync(cancellationToken))
        {
            Console.WriteLine($"{client.ClientId} is offline since {client.Since:u}: {client.DisconnectReason}");
        }
    }

    public static async Task Direct(FleetConnections connections)
    {
        FleetConnection? now = await connections.GetAsync("THING00001");
        Console.WriteLine(now is { IsConnected: true } ? $"connected since {now.Since:u}" : $"away: {now?.DisconnectReason}");

        DirectMessageOutcome outcome = await connections.SendAsync(new DirectMessage
        {
            ClientId = "THING00001",
            Topic = "devices/THING00001/direct/reboot",
            Payload = """{"delay":10}"""u8.ToArray(),
            ConfirmWithin = TimeSpan.FromSeconds(10),
        });
        Console.WriteLine(outcome); // Confirmed, NotConnected or Unconfirmed
    }

    public static async Task Findings(AwsClient iot, byte[] body)
    {
        foreach (DefenderNotification notification in DefenderNotification.ReadAll(body))
        {
            switch (notification)
            {
                case AuditNotification { Severity: >= FindingSeverity.High } audit:
                    await foreach (AuditFinding finding in new AuditFindings(iot).OfTaskAsync(audit.TaskId))
                    {
                        Console.WriteLine($"{finding.Severity} {finding.Check} {finding.Resource}: {finding.Reason}");
                    }

                    break;
                case DetectNotification { IsInAlarm: true } detect:
                    Console.WriteLine($"{detect.ThingName}: {detect.Metric} is {detect.Value}, normal is {detect.Normal}"); // normal is less-than 50 in 300 s
                    break;
                case UnreadableNotification unreadable:
                    Console.Error.WriteLine(unreadable.Reason);
                    break;
            }
        }
    }

    public static async Task Timeline(AwsClient logs, IotLogCheckpoint? checkpoint, DateTimeOffset since, DateTimeOffset until)
    {
        var timeline = new ErrorTimeline(new ErrorTimelineOptions { Bucket = TimeSpan.FromMinutes(5) });
        var reader = new IotLogReader();
        var source = new IotLogSource(logs, new IotLogSourceOptions { LogGroup = "AWSIotLogsV2" }, checkpoint);
        await foreach (IotLogLine line in source.ReadAsync(since, until))
        {
            if (reader.TryReadError(line.Message.Span, out IotLogEntry? entry, line.Time))
            {
                timeline.Add(entry!);
            }
        }

        await File.WriteAllBytesAsync("logs.checkpoint", source.Checkpoint!.ToUtf8Json()); // the next run continues here

        foreach (ErrorSurge surge in timeline.Surges())
        {
            Console.WriteLine(surge); // 2026-01-01 08:00:00Z to 2026-01-01 08:25:00Z: 3560 errors, 1035 expected; Connect AUTHORIZATION_FAILURE: ...: 80 instead of 0, new
            foreach (ErrorGroup group in timeline.Groups(surge.Start, surge.End))
            {
                Console.WriteLine($"{group.Errors} {group} {string.Join(' ', group.Clients.Select(client => client.Value))}");
            }
        }

        foreach (ErrorChange change in timeline.Compare(until.AddHours(-1), until, TimeSpan.FromDays(1)).Where(change => change.IsNew))
        {
            Console.WriteLine($"new since yesterday: {change.Group}");
        }
    }
}
