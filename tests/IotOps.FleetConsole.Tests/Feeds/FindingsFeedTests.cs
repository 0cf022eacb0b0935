using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class FindingsFeedTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FeedProgress _progress = new();
    private AwsEmulator _aws = null!;
    private AwsClient _iot = null!;
    private SqliteConsoleStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock });
        _iot = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "us-east-1",
            Endpoint = _aws.Endpoint,
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            TimeProvider = _clock,
            Retry = AwsRetryOptions.None,
        });
        _store = await SqliteConsoleStore.OpenAsync(_data["console.db"], clock: _clock, cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _iot.Dispose();
        await _aws.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task All_pages_are_read_and_a_feed_that_is_started_again_counts_each_finding_once()
    {
        for (int i = 0; i < 600; i++)
        {
            Add($"c{i:D3}", Now.AddDays(-i % 80));
        }

        await ReadAsync();
        await ReadAsync();

        (await FindingsAsync()).Count.ShouldBe(600);
        (_progress.Added, _progress.Repeated, _progress.Problems).ShouldBe((600, 600, 0));
    }

    [Fact]
    public async Task A_finding_of_a_later_audit_is_the_same_one_with_its_first_time()
    {
        Add("c1", Now.AddDays(-3));
        await ReadAsync();
        Add("c1", Now.AddDays(-1), reason: "it is still shared");
        await ReadAsync();

        ConsoleFinding finding = (await FindingsAsync()).ShouldHaveSingleItem();
        (finding.Found, finding.Updated, finding.Detail).ShouldBe((Now.AddDays(-3), Now.AddDays(-1), "it is still shared"));
    }

    [Fact]
    public async Task A_finding_that_the_service_tells_late_is_found_under_its_own_time()
    {
        Add("c1", Now.AddDays(-1));
        await ReadAsync();
        Add("c2", Now.AddDays(-20));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await ReadAsync();

        (await FindingsAsync()).Select(one => (one.Resource, one.Found.Day)).ShouldBe([("device certificate c1", 30), ("device certificate c2", 11)]);
    }

    [Fact]
    public async Task A_finding_that_cannot_be_kept_costs_itself()
    {
        Add("c1", Now.AddDays(-1));
        Add("c2", Now.AddDays(-1), reason: new string('x', 300_000));
        Add("c3", Now.AddDays(-1));

        await ReadAsync();

        (await FindingsAsync()).Select(one => one.Resource).ShouldBe(["device certificate c1", "device certificate c3"]);
        (_progress.Added, _progress.Refused).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_feed_that_ended_before_it_knew_that_its_findings_were_stored_has_each_once()
    {
        for (int i = 0; i < 3_000; i++)
        {
            Add($"c{i:D4}", Now.AddDays(-1));
        }

        using var ends = new EndingStore(_store, 1);
        await Should.ThrowAsync<OperationCanceledException>(new FindingsFeed(_iot, _clock).ReadAsync(ends, _progress, ends.Ended));
        await ReadAsync();

        (await FindingsAsync()).Count.ShouldBe(3_000);
    }

    private void Add(string certificate, DateTimeOffset found, string reason = "two things use it") => _aws.Fleet.AddAuditFinding(
        $$$"""{"findingId":"{{{certificate}}}-{{{found.Day}}}","taskId":"t{{{found.Day}}}","checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","severity":"CRITICAL","findingTime":{{{found.ToUnixTimeSeconds()}}},"nonCompliantResource":{"resourceType":"DEVICE_CERTIFICATE","resourceIdentifier":{"deviceCertificateId":"{{{certificate}}}"}},"reasonForNonCompliance":"{{{reason}}}"}""");

    private Task ReadAsync() => new FindingsFeed(_iot, _clock).ReadAsync(_store, _progress, Cancel);

    private async Task<IReadOnlyList<ConsoleFinding>> FindingsAsync() => await _store.ReadFindingsAsync(new FindingQuery { Limit = 5_000 }, Cancel);
}
