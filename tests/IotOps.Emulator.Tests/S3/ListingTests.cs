using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

public sealed class ListingTests : S3TestBase
{
    private static readonly string[] Keys = ["a", "d/1", "d/2", "d/e/3", "f&<>\u00e4 +.txt", "g/1", "z"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_000)]
    public async Task Pages_of_any_size_list_every_key_once(int size)
    {
        await PutAllAsync();
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = "bucket", MaxKeys = size };
        ListObjectsV2Response page;
        do
        {
            page = await S3.ListObjectsV2Async(request);
            keys.AddRange(page.S3Objects.Select(o => o.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        keys.ShouldBe(Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_delimiter_folds_keys_and_no_fold_is_told_twice(int size)
    {
        await PutAllAsync();
        var found = new List<string>();
        var request = new ListObjectsV2Request { BucketName = "bucket", MaxKeys = size, Delimiter = "/" };
        ListObjectsV2Response page;
        do
        {
            page = await S3.ListObjectsV2Async(request);
            found.AddRange((page.S3Objects ?? []).Select(o => o.Key).Concat(page.CommonPrefixes ?? []));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        found.Order(StringComparer.Ordinal).ShouldBe(["a", "d/", "f&<>\u00e4 +.txt", "g/", "z"]);
    }

    [Fact]
    public async Task A_prefix_and_a_start_narrow_the_listing()
    {
        await PutAllAsync();

        ListObjectsV2Response page = await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket", Prefix = "d/", StartAfter = "d/1" });

        page.S3Objects.Select(o => o.Key).ShouldBe(["d/2", "d/e/3"]);
    }

    [Fact]
    public async Task The_first_version_of_the_listing_pages_by_marker()
    {
        await PutAllAsync();

        ListObjectsResponse first = await S3.ListObjectsAsync(new ListObjectsRequest { BucketName = "bucket", MaxKeys = 3 });
        ListObjectsResponse rest = await S3.ListObjectsAsync(new ListObjectsRequest { BucketName = "bucket", Marker = first.S3Objects[^1].Key });

        first.IsTruncated.ShouldBe(true);
        first.S3Objects.Concat(rest.S3Objects).Select(o => o.Key).ShouldBe(Keys);
    }

    [Fact]
    public async Task Keys_are_ordered_by_their_UTF8_bytes()
    {
        await Bare.PutAsync("bucket/" + Uri.EscapeDataString("\U0001F680"), [1]);
        await Bare.PutAsync("bucket/" + Uri.EscapeDataString("\uFF5E"), [1]);

        Emulator.S3.Keys("bucket").ShouldBe(["\uFF5E", "\U0001F680"]);
    }

    [Theory]
    [InlineData("a b", "a+b")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("100%", "100%25")]
    [InlineData("dir/\u00e4", "dir/%C3%A4")]
    [InlineData("-_.", "-_.")]
    public async Task Encoding_type_url_codes_keys_as_a_form_does(string key, string coded)
    {
        await Bare.PutAsync("bucket/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal), [1]);

        foreach (string query in new[] { "?encoding-type=url&list-type=2", "?encoding-type=url" })
        {
            (await Bare.GetAsync("bucket" + query)).Text("Key").ShouldBe(coded);
        }
    }

    [Fact]
    public async Task Prefixes_delimiters_and_starts_are_coded_like_keys()
    {
        await Bare.PutAsync("bucket/a%20b/c", [1]);

        S3Reply reply = await Bare.GetAsync("bucket?delimiter=%20&encoding-type=url&list-type=2&prefix=a&start-after=Z%20a");

        (reply.Text("Delimiter"), reply.Text("StartAfter")).ShouldBe(("+", "Z+a"));
        reply.Xml!.Descendants().Last(e => e.Name.LocalName == "Prefix").Value.ShouldBe("a+");
    }

    [Theory]
    [InlineData("continuation-token=", "continuation-token")]
    [InlineData("continuation-token=junk", "continuation-token")]
    [InlineData("max-keys=-1", "max-keys")]
    [InlineData("max-keys=x", "max-keys")]
    [InlineData("encoding-type=other", "encoding-type")]
    public async Task An_argument_that_cannot_be_is_named(string query, string argument)
    {
        S3Reply reply = await Bare.GetAsync("bucket?list-type=2&" + query);

        (reply.Status, reply.Code, reply.Text("ArgumentName")).ShouldBe((400, "InvalidArgument", argument));
    }

    private async Task PutAllAsync()
    {
        foreach (string key in Keys)
        {
            (await Bare.PutAsync("bucket/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal), [1])).Status.ShouldBe(200);
        }
    }
}
