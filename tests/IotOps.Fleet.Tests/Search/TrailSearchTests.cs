using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Search;

public sealed class TrailSearchTests
{
    private readonly MemoryObjects _bucket = new();

    [Fact]
    public async Task Only_the_files_that_can_have_records_of_the_range_are_opened()
    {
        Put("AWSLogs/123456789012", "eu-west-1", "20251231T2355Z", "before");
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T0005Z", "early");
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T1200Z", "noon");
        Put("AWSLogs/123456789012", "eu-west-1", "20260102T0130Z", "late");
        Put("AWSLogs/123456789012", "eu-west-1", "20260102T0230Z", "next");
        Put("AWSLogs/123456789012", "us-west-2", "20260101T1200Z", "west");
        _bucket["AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2026/01/01/123456789012_CloudTrail-Digest_eu-west-1_ops_eu-west-1_20260101T010000Z.json.gz"] = [];
        _bucket["AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/notes.txt"] = [];

        List<CloudTrailRecord> found = await FindAsync(new TrailQuery { Since = At("2026-01-01"), Until = At("2026-01-02") });

        found.Select(record => record.EventId).ShouldBe(["early", "late", "noon", "west"], ignoreOrder: true);
        _bucket.Opened.Count.ShouldBe(4);
        _bucket.Listed.ShouldBe(
        [
            "AWSLogs/123456789012/CloudTrail/eu-west-1/2025/12/31/",
            "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/",
            "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/02/",
            "AWSLogs/123456789012/CloudTrail/us-west-2/2025/12/31/",
            "AWSLogs/123456789012/CloudTrail/us-west-2/2026/01/01/",
            "AWSLogs/123456789012/CloudTrail/us-west-2/2026/01/02/",
        ]);
        _bucket.Open.ShouldBe(0);
    }

    [Fact]
    public async Task An_organization_is_searched_in_all_its_accounts_or_in_some()
    {
        Put("logs/AWSLogs/o-exampleorgid/111111111111", "eu-west-1", "20260101T1200Z", "one");
        Put("logs/AWSLogs/o-exampleorgid/222222222222", "eu-west-1", "20260101T1200Z", "two");
        Put("logs/AWSLogs/333333333333", "eu-west-1", "20260101T1200Z", "three");
        var query = new TrailQuery { Since = At("2026-01-01"), Until = At("2026-01-02") };

        (await FindAsync(query, prefix: "logs")).Select(record => record.EventId).ShouldBe(["three", "one", "two"]);
        (await FindAsync(query, prefix: "logs/", accounts: ["222222222222"])).Select(record => record.EventId).ShouldBe(["two"]);
        (await FindAsync(query)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_stops_reading_leaves_nothing_open()
    {
        for (int i = 0; i < 10; i++)
        {
            Put("AWSLogs/123456789012", "eu-west-1", $"20260101T120{i}Z", $"{i}");
        }

        using var reader = new CloudTrailReader();
        await foreach (CloudTrailRecord record in Search().FindAsync(
            new TrailQuery { Since = At("2026-01-01"), Until = At("2026-01-02") }, reader, cancellationToken: TestContext.Current.CancellationToken))
        {
            record.EventId.ShouldBe("0");
            _bucket.Opened.Count.ShouldBe(5);
            break;
        }

        _bucket.Open.ShouldBe(0);
    }

    [Fact]
    public async Task An_object_that_is_gone_is_told_and_the_others_are_read()
    {
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T1200Z", "a");
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T1300Z", "b");
        using var reader = new CloudTrailReader(new CloudTrailReaderOptions { FetchAhead = 0 });
        List<string?> found = [];
        await foreach (CloudTrailRecord record in reader.ReadPrefixAsync(_bucket, "b", "AWSLogs/", TestContext.Current.CancellationToken))
        {
            found.Add(record.EventId);
            _bucket.Remove(_bucket.Keys.Last());
        }

        found.ShouldBe(["a"]);
        reader.Problems.ShouldHaveSingleItem().ToString().ShouldBe(
            "s3://b/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/123456789012_CloudTrail_eu-west-1_20260101T1300Z_bbbbbbbbbbbbbbbb.json.gz: it is gone");
    }

    [Fact]
    public void A_search_without_beginning_or_with_its_end_before_it_is_refused()
    {
        using var reader = new CloudTrailReader();

        Should.Throw<ArgumentException>(() => Search().FindAsync(new TrailQuery(), reader)).Message.ShouldStartWith("A search in a bucket needs a beginning");
        Should.Throw<ArgumentException>(() => Search().FindAsync(new TrailQuery { Since = At("2026-01-02"), Until = At("2026-01-01") }, reader));
    }

    [Fact]
    public async Task A_record_that_is_kept_without_a_copy_says_so()
    {
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T1200Z", "a");
        Put("AWSLogs/123456789012", "eu-west-1", "20260101T1300Z", "b");
        using var reader = new CloudTrailReader();
        CloudTrailRecord? kept = null;
        await foreach (CloudTrailRecord record in reader.ReadPrefixAsync(_bucket, "b", "AWSLogs/", TestContext.Current.CancellationToken))
        {
            kept ??= record;
        }

        Should.Throw<InvalidOperationException>(() => kept!.EventId).Message.ShouldContain("ToOwned");
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "T00:00:00Z");

    private TrailSearch Search(string prefix = "", string[]? accounts = null) =>
        new(new TrailSearchOptions { Objects = _bucket, Bucket = "b", Prefix = prefix, Accounts = accounts ?? [] });

    private async Task<List<CloudTrailRecord>> FindAsync(TrailQuery query, string prefix = "", string[]? accounts = null)
    {
        using var reader = new CloudTrailReader();
        List<CloudTrailRecord> found = await Records.ToListAsync(
            Search(prefix, accounts).FindAsync(query, reader, cancellationToken: TestContext.Current.CancellationToken));
        reader.Problems.ShouldBeEmpty();
        return found;
    }

    private void Put(string root, string region, string time, string id)
    {
        string account = root[(root.LastIndexOf('/') + 1)..];
        string day = $"{time[..4]}/{time[4..6]}/{time[6..8]}";
        string key = $"{root}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_{time}_{new string(id[0], 16)}.json.gz";
        _bucket[key] = Records.Gzip(Records.File($$"""{"eventID":"{{id}}","eventTime":"2026-01-01T12:00:00Z"}"""));
    }
}
