using System.Security.Cryptography;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Fleet.Tests;

/// <summary>The read calls against a service that checks them: what is asked, page after page, as AWS takes it.</summary>
public sealed class EmulatedCloudTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync(new EmulatorOptions
    {
        FleetQuery = text =>
        {
            FleetQuery query = FleetQuery.Parse(text);
            return thing => query.Matches(FleetThing.Read(thing));
        },
    });

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task The_event_history_comes_whole_the_latest_first()
    {
        for (int i = 0; i < 120; i++)
        {
            _aws.CloudTrail.AddEvent($$"""{"eventVersion":"1.11","eventID":"e{{i:D3}}","eventName":"{{(i % 2 == 0 ? "UpdateThing" : "DeleteThing")}}","eventSource":"iot.amazonaws.com","eventTime":"{{Now.AddMinutes(i - 200):yyyy-MM-ddTHH:mm:ssZ}}","readOnly":false}""");
        }

        using AwsClient client = Client(AwsService.CloudTrail);
        using var pace = new History.CountingLimiter();
        using var history = new EventHistory(client, new EventHistoryOptions { Pace = pace });

        List<CloudTrailRecord> all = await history.FindAsync(new TrailQuery(), Cancelled).ToListAsync(Cancelled);
        List<CloudTrailRecord> deleted = await history.FindAsync(new TrailQuery { What = "iot:DeleteThing", Since = Now.AddDays(-1) }, Cancelled).ToListAsync(Cancelled);

        all.Select(record => record.EventId).ShouldBe(Enumerable.Range(0, 120).Reverse().Select(i => $"e{i:D3}"));
        deleted.Count.ShouldBe(60);
        pace.Acquired.ShouldBe(3 + 2);
    }

    [Fact]
    public async Task Public_keys_come_with_the_bytes_that_verify()
    {
        using RSA key = RSA.Create(2_048);
        string fingerprint = _aws.CloudTrail.AddPublicKey(key, Now.AddDays(-1), Now.AddDays(1));
        using AwsClient client = Client(AwsService.CloudTrail);

        TrailPublicKey listed = (await new CloudTrailPublicKeys(client).ListAsync(Now.AddHours(-1), Now, Cancelled)).ShouldHaveSingleItem();

        listed.Fingerprint.ShouldBe(fingerprint);
        using RSA read = RSA.Create();
        read.ImportRSAPublicKey(listed.Value.Span, out _);
        read.VerifyData("x"u8, key.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    [Fact]
    public async Task Findings_come_by_task_and_by_time()
    {
        for (int i = 0; i < 300; i++)
        {
            _aws.Fleet.AddAuditFinding($$"""{"findingId":"{{i}}","taskId":"t","checkName":"LOGGING_DISABLED_CHECK","findingTime":{{1_767_225_600 + i}}}""");
        }

        using AwsClient client = Client(AwsService.Iot);
        var findings = new AuditFindings(client);

        (await findings.OfTaskAsync("t", Cancelled).CountAsync(Cancelled)).ShouldBe(300);
        (await findings.BetweenAsync(DateTimeOffset.FromUnixTimeSeconds(1_767_225_610), DateTimeOffset.FromUnixTimeSeconds(1_767_225_619), Cancelled).CountAsync(Cancelled)).ShouldBe(10);
    }

    [Fact]
    public async Task A_query_finds_over_the_wire_what_it_finds_here()
    {
        for (int i = 0; i < 250; i++)
        {
            _aws.Fleet.SetThing($$$"""{"thingName":"THING{{{i:D5}}}","thingGroupNames":["g"],"shadow":{"reported":{"firmware":"{{{(i % 3 == 0 ? "2.0.10" : "2.0.9")}}}","battery":{{{i % 100}}} } } }""");
        }

        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "g", Description = "all of them" });
        _aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "low", Query = "shadow.reported.battery<10" });
        FleetQuery query = FleetQuery.Equal(FleetField.Reported("firmware"), "2.0.10").And(FleetQuery.GreaterThan(FleetField.Reported("battery"), 50));
        using AwsClient client = Client(AwsService.Iot);
        var index = new FleetIndex(client);

        List<FleetThing> found = await index.SearchAsync(query, Cancelled).ToListAsync(Cancelled);
        List<FleetThing> everything = await index.SearchAsync(FleetQuery.All, Cancelled).ToListAsync(Cancelled);

        everything.Count.ShouldBe(250);
        found.Select(thing => thing.Name).ShouldBe(everything.Where(query.Matches).Select(thing => thing.Name));
        found.Count.ShouldBe(Enumerable.Range(0, 250).Count(i => i % 3 == 0 && i % 100 > 50));
        (await index.ThingsInGroupAsync("g", cancellationToken: Cancelled).CountAsync(Cancelled)).ShouldBe(250);
        (await index.ThingsInGroupAsync("low", cancellationToken: Cancelled).CountAsync(Cancelled)).ShouldBe(30);
        (await index.DescribeGroupAsync("low", Cancelled)).ShouldSatisfyAllConditions(group => group.IsDynamic.ShouldBeTrue(), group => group.Status.ShouldBe("ACTIVE"));
        (await index.DescribeGroupAsync("g", Cancelled)).Description.ShouldBe("all of them");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private AwsClient Client(AwsService service) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
        Endpoint = _aws.Endpoint,
        Retry = AwsRetryOptions.None,
    });
}
