using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

/// <summary>What lists uploads and parts pages as S3 does, so that a cleanup that forgets to ask for the next page is found out.</summary>
public sealed class UploadListingTests : S3TestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_000)]
    public async Task Pages_of_any_size_list_every_upload_once(int size)
    {
        string[] begun = await BeginAsync("a", "a", "b", "d/1", "d/2", "z");
        var seen = new List<string>();
        string? key = null;
        string? upload = null;
        ListMultipartUploadsResponse page;
        do
        {
            page = await S3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = "bucket", MaxUploads = size, KeyMarker = key, UploadIdMarker = upload });
            (page.MultipartUploads ?? []).Count.ShouldBeLessThanOrEqualTo(size);
            seen.AddRange((page.MultipartUploads ?? []).Select(u => u.UploadId));
            (key, upload) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);

        seen.ShouldBe(begun, ignoreOrder: true);
    }

    [Fact]
    public async Task A_delimiter_folds_keys_and_a_prefix_narrows()
    {
        await BeginAsync("a", "d/1", "d/2", "e f");

        S3Reply folded = await Bare.GetAsync("bucket?delimiter=%2F&encoding-type=url&uploads");
        S3Reply narrowed = await Bare.GetAsync("bucket?prefix=d%2F&uploads");

        folded.Texts("Key").ShouldBe(["a", "e+f"]);
        folded.Xml!.Elements().Where(e => e.Name.LocalName == "CommonPrefixes").Select(e => e.Value).ShouldBe(["d/"]);
        (folded.Text("EncodingType"), folded.Text("MaxUploads"), folded.Text("IsTruncated")).ShouldBe(("url", "1000", "false"));
        narrowed.Texts("Key").ShouldBe(["d/1", "d/2"]);
    }

    [Fact]
    public async Task A_key_marker_alone_goes_on_behind_the_key()
    {
        await BeginAsync("a", "b", "c");

        (await Bare.GetAsync("bucket?key-marker=a&uploads")).Texts("Key").ShouldBe(["b", "c"]);
        (await Bare.GetAsync("bucket?max-uploads=x&uploads")).Code.ShouldBe("InvalidArgument");
    }

    [Fact]
    public async Task Uploads_and_parts_say_how_they_are_summed_and_whose_they_are()
    {
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-checksum-algorithm", "CRC32")])).Text("UploadId")!;

        foreach (S3Reply reply in new[] { await Bare.GetAsync("bucket?uploads"), await Bare.GetAsync($"bucket/k?uploadId={id}") })
        {
            (reply.Text("ChecksumAlgorithm"), reply.Text("ChecksumType"), reply.Text("StorageClass")).ShouldBe(("CRC32", "COMPOSITE", "STANDARD"));
            reply.Xml!.Descendants().Single(e => e.Name.LocalName == "Owner").Value.ShouldNotBeEmpty();
            reply.Xml.Descendants().Single(e => e.Name.LocalName == "Initiator").Value.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Buckets_are_listed_by_prefix_and_region_and_in_pages()
    {
        await Bare.PutAsync("elsewhere", "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"u8.ToArray());
        await Bare.PutAsync("buckets", []);

        (await Bare.GetAsync("?prefix=bucket")).Texts("Name").ShouldBe(["bucket", "buckets"]);
        (await Bare.GetAsync("?bucket-region=eu-west-1")).Texts("Name").ShouldBe(["elsewhere"]);
        S3Reply first = await Bare.GetAsync("?max-buckets=2");
        first.Texts("Name").ShouldBe(["bucket", "buckets"]);
        S3Reply rest = await Bare.GetAsync($"?continuation-token={Uri.EscapeDataString(first.Text("ContinuationToken")!)}&max-buckets=2");
        rest.Texts("Name").ShouldBe(["elsewhere"]);
        rest.Text("ContinuationToken").ShouldBeNull();
        (await Bare.GetAsync("?max-buckets=0")).Code.ShouldBe("InvalidArgument");
    }

    private async Task<string[]> BeginAsync(params string[] keys)
    {
        var ids = new List<string>();
        foreach (string key in keys)
        {
            ids.Add((await Bare.SendAsync(HttpMethod.Post, $"bucket/{Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal)}?uploads", [], [])).Text("UploadId")!);
        }

        return [.. ids];
    }
}
