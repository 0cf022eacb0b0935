using System.IO.Compression;
using System.Text;
using IotOps.Fleet;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Simulation;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class FileFeedTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2023, 9, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _folder = new();
    private readonly TempDirectory _data = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FeedProgress _progress = new();
    private SqliteConsoleStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TimeRange All => new(Start.AddDays(-10), Start.AddDays(10));

    public async ValueTask InitializeAsync() => _store = await SqliteConsoleStore.OpenAsync(_data["console.db"], clock: _clock, cancellationToken: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task What_the_simulator_writes_is_read_once_however_often_it_is_read()
    {
        FleetSimulation simulation = new(new FleetSimulationOptions { Start = Start, Devices = 40, Seed = 3 });
        IReadOnlyDictionary<string, long> counts = await SimulationFiles.WriteAsync(simulation, _folder.Path, cancellationToken: Cancel);
        string[] logs = await File.ReadAllLinesAsync(_folder[SimulationFiles.Logs], Cancel);

        await ReadAsync();
        await ReadAsync();
        await File.AppendAllLinesAsync(_folder[SimulationFiles.Logs], logs, Cancel);
        await ReadAsync();

        long errors = logs.Distinct(StringComparer.Ordinal).Count(line => line.Contains("\"ERROR\"", StringComparison.Ordinal));
        errors.ShouldBeGreaterThan(20);
        (await _store.ReadErrorChartAsync(new ErrorQuery(All) { Bucket = TimeSpan.FromHours(1) }, Cancel)).Errors.ShouldBe(errors);
        (await _store.ReadConnectivityAsync(Start, Cancel))[0].Things.ShouldBe(40);
        (await _store.ReadSegmentNamesAsync(Cancel)).ShouldContain(name => name == "site north");
        (await _store.ReadDocumentsAsync("THING00001", Cancel)).ShouldContain(document => document.Name == DeviceDocument.Report);
        long lifecycle = (await File.ReadAllLinesAsync(_folder[SimulationFiles.Lifecycle], Cancel)).Distinct(StringComparer.Ordinal).Count();
        (await _store.ReadStatusAsync(Cancel)).Events.ShouldBe(errors + lifecycle);
        counts[SimulationFiles.Lifecycle].ShouldBeGreaterThanOrEqualTo(lifecycle);
        _progress.Problems.ShouldBe(0, _progress.LastProblem);
    }

    [Fact]
    public async Task A_line_that_is_still_being_written_is_read_when_it_is_whole()
    {
        string line = Line(0), next = Line(1);
        await File.WriteAllTextAsync(_folder["iot.log"], $"{line}\n{next[..40]}", Cancel);
        await ReadAsync();
        (await CountAsync()).ShouldBe(1);

        await File.AppendAllTextAsync(_folder["iot.log"], next[40..] + "\n", Cancel);
        await ReadAsync();
        await ReadAsync();
        (await CountAsync()).ShouldBe(2);
        _progress.Problems.ShouldBe(0, _progress.LastProblem);
    }

    [Fact]
    public async Task A_feed_that_was_ended_in_a_file_goes_on_behind_what_the_store_has()
    {
        await File.WriteAllLinesAsync(_folder["iot.log"], Enumerable.Range(0, 12_000).Select(Line), Cancel);
        await File.WriteAllBytesAsync(_folder["iot2.log.gz"], Gzip(string.Join('\n', Enumerable.Range(12_000, 12_000).Select(Line)) + "\n"), Cancel);
        for (int batches = 1; batches < 4; batches++)
        {
            using var ends = new EndingStore(_store, batches);
            await Should.ThrowAsync<OperationCanceledException>(new FileFeed(_folder.Path, SegmentRules.Default, _clock).ReadAllAsync(ends, _progress, ends.Ended));
        }

        await ReadAsync();
        (await CountAsync()).ShouldBe(24_000);
        _progress.Repeated.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_is_bad_costs_itself()
    {
        await File.WriteAllTextAsync(_folder["a.json"], "{ \"eventType\": \"connected\"", Cancel);
        await File.WriteAllTextAsync(_folder["b.jsonl"], "{\"eventType\":\"connected\",\"clientId\":\"A\"}\n{broken}\n" + Line(0) + "\n", Cancel);
        byte[] whole = Gzip(string.Join('\n', Enumerable.Range(1, 3_000).Select(Line)));
        await File.WriteAllBytesAsync(_folder["c.log.gz"], whole[..(whole.Length / 2)], Cancel);
        await File.WriteAllTextAsync(_folder["d.log"], Line(5_000) + "\n" + new string('x', FileFeed.LongestLine + 10) + "\n" + Line(5_001) + "\n", Cancel);

        await ReadAsync();

        long read = await CountAsync();
        read.ShouldBeInRange(4, 3_002);
        _progress.Problems.ShouldBeInRange(4, 6, _progress.LastProblem);
        await ReadAsync();
        (await CountAsync()).ShouldBe(read);
    }

    [Fact]
    public async Task Exports_trails_notifications_and_shadows_are_told_by_what_they_are()
    {
        Write("exported/000000.log", $"2023-09-30T12:00:00.123Z {Line(7)}\n2023-09-30T12:00:01.000Z ERROR something broke\n");
        Write("AWSLogs/1/CloudTrail/eu-west-1/2023/09/30/1_CloudTrail_eu-west-1_20230930T1200Z_x.json", """{"Records":[{"eventVersion":"1.08","eventID":"e-1","eventTime":"2023-09-30T12:00:00Z","eventSource":"iot.amazonaws.com","eventName":"CreatePolicyVersion","awsRegion":"eu-west-1","readOnly":false,"userIdentity":{"type":"IAMUser","userName":"ada","arn":"arn:aws:iam::1:user/ada"},"requestParameters":{"policyName":"fleet"}}]}""");
        Write("detect.jsonl", """{"violationEventTime":1696075200000,"thingName":"A","behavior":{"name":"ports","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than","value":{"count":5}}},"violationEventType":"in-alarm","violationId":"v","securityProfileName":"p","metricValue":{"count":9}}""" + "\n");
        Write("audit.json", """{"findingId":"f","taskId":"t","checkName":"REVOKED_CA_CERT_CHECK","findingTime":1696075200,"severity":"CRITICAL","nonCompliantResource":{"resourceType":"CA_CERTIFICATE","resourceIdentifier":{"caCertificateId":"c0ffee"}},"reasonForNonCompliance":"it is revoked"}""");
        Write("shadows/A.json", """{"state":{"reported":{"led":true}},"metadata":{},"version":3,"timestamp":1696075200}""");
        Write("shadows/A/config.json", """{"state":{"reported":{"led":false}},"metadata":{},"version":1,"timestamp":1696075200}""");
        Write("envelope.json", """{"messageType":"DATA_MESSAGE","logGroup":"AWSIotLogsV2","logStream":"s","logEvents":[{"id":"1","timestamp":1696075200000,"message":"LINE"}]}""".Replace("LINE", Line(8).Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal));

        await ReadAsync();

        _progress.Problems.ShouldBe(0, _progress.LastProblem);
        (await CountAsync()).ShouldBe(3);
        (await _store.ReadTrailAsync(new TrailRowQuery(All), cancellationToken: Cancel)).ShouldHaveSingleItem().Resource.ShouldBe("fleet");
        IReadOnlyList<ConsoleFinding> findings = await _store.ReadFindingsAsync(new FindingQuery(), Cancel);
        findings.Select(one => (one.Source, one.Check, one.Severity)).ShouldBe([(FindingSource.Audit, "REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK", FindingSeverity.Critical), (FindingSource.Detect, "ports", FindingSeverity.High)]);
        (await _store.ReadDocumentsAsync("A", Cancel)).Select(one => one.Name).ShouldBe(["shadow", "shadow/config"]);
    }

    [Fact]
    public async Task A_thing_whose_connection_has_an_impossible_time_is_read_without_it()
    {
        Write("things.json", """
            {"things":[{"thingName":"A","attributes":{"site":"north"},"connectivity":{"connected":true,"timestamp":99999999999999999}},
            {"thingName":"B","attributes":{"site":"north"},"connectivity":{"connected":false,"timestamp":-1}}]}
            """);

        await ReadAsync();

        _progress.Problems.ShouldBe(0, _progress.LastProblem);
        (await _store.ReadConnectivityAsync(Start, Cancel))[0].ShouldBe(new SegmentConnectivity("", 2, 1, 0));
        (await _store.FindClientAsync("A", Cancel)).ShouldNotBeNull().Since.ShouldBe(DateTimeOffset.UnixEpoch);
    }

    private static string Line(int i) =>
        $$"""{"timestamp":"2023-09-30 12:{{i / 60 % 60:D2}}:{{i % 60:D2}}.{{i % 1000:D3}}","logLevel":"ERROR","traceId":"{{i}}","status":"Failure","eventType":"Connect","protocol":"MQTT","clientId":"THING{{i % 9:D5}}","principalId":"c","sourceIp":"192.0.2.1","reason":"AUTHORIZATION_FAILURE","details":"Authorization Failure"}""";

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
    }

    // A new feed each time, as after a restart.
    private Task ReadAsync() => new FileFeed(_folder.Path, SegmentRules.Default, _clock).ReadAllAsync(_store, _progress, Cancel);

    private async Task<long> CountAsync() => (await _store.ReadErrorChartAsync(new ErrorQuery(All) { Bucket = TimeSpan.FromHours(1) }, Cancel)).Errors;
}
