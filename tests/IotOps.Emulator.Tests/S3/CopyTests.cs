using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.Tests.S3;

public sealed class CopyTests : S3TestBase
{
    private const string Past = "Sat, 01 Jan 2000 00:00:00 GMT";
    private const string Future = "Fri, 01 Jan 2100 00:00:00 GMT";

    [Theory]
    [InlineData("x-amz-copy-source-if-unmodified-since", Past, 412)]
    [InlineData("x-amz-copy-source-if-unmodified-since", Future, 200)]
    [InlineData("x-amz-copy-source-if-modified-since", Past, 200)]
    [InlineData("x-amz-copy-source-if-none-match", "*", 412)]
    [InlineData("x-amz-copy-source-if-match", "\"dead\"", 412)]
    public async Task A_copy_has_conditions_on_its_source(string header, string value, int status)
    {
        await Bare.PutAsync("bucket/source", [1]);
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [])).Text("UploadId")!;

        (await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), (header, value))).Status.ShouldBe(status);
        (await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [], ("x-amz-copy-source", "bucket/source"), (header, value))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task An_ETag_that_matches_outweighs_a_date_that_does_not()
    {
        string etag = (await Bare.PutAsync("bucket/source", [1])).ETag!;

        (await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-copy-source-if-match", etag), ("x-amz-copy-source-if-unmodified-since", Past)))
            .Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_copy_has_the_checksum_that_is_asked_for_and_otherwise_that_of_its_source()
    {
        byte[] content = Bytes(100);
        await Bare.PutAsync("bucket/source", content, ("x-amz-checksum-crc32", Sum("crc32", content)));

        S3Reply same = await Bare.PutAsync("bucket/same", [], ("x-amz-copy-source", "bucket/source"));
        S3Reply other = await Bare.PutAsync("bucket/other", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-checksum-algorithm", "SHA256"));

        (same.Text("ChecksumCRC32"), same.Text("ChecksumType")).ShouldBe((Sum("crc32", content), "FULL_OBJECT"));
        (other.Text("ChecksumSHA256"), other.Text("ChecksumCRC32")).ShouldBe((Sum("sha256", content), null));
        (await Bare.GetAsync("bucket/other", ("x-amz-checksum-mode", "ENABLED"))).Header("x-amz-checksum-sha256").ShouldBe(Sum("sha256", content));
    }

    [Fact]
    public async Task The_copy_of_an_object_of_parts_is_summed_as_a_whole()
    {
        byte[] content = Bytes(100);
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-checksum-algorithm", "CRC32")])).Text("UploadId")!;
        S3Reply part = await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", content, ("x-amz-checksum-crc32", Sum("crc32", content)));
        string completion = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part.ETag}</ETag><ChecksumCRC32>{Sum("crc32", content)}</ChecksumCRC32></Part></CompleteMultipartUpload>";
        (await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", System.Text.Encoding.UTF8.GetBytes(completion), [])).Status.ShouldBe(200);

        S3Reply copy = await Bare.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/k"));

        (copy.Text("ChecksumCRC32"), copy.Text("ChecksumType")).ShouldBe((Sum("crc32", content), "FULL_OBJECT"));
    }

    [Fact]
    public async Task An_object_may_be_copied_onto_itself_to_change_its_storage_class_but_not_to_change_nothing()
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-meta-a", "1"));

        (await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/k"))).Code.ShouldBe("InvalidRequest");
        (await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/k"), ("x-amz-storage-class", "STANDARD_IA"))).Status.ShouldBe(200);

        S3Reply read = await Bare.GetAsync("bucket/k");
        (read.Header("x-amz-storage-class"), read.Header("x-amz-meta-a")).ShouldBe(("STANDARD_IA", "1"));
    }

    [Fact]
    public async Task A_directive_is_COPY_or_REPLACE()
    {
        await Bare.PutAsync("bucket/source", [1]);

        S3Reply reply = await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-metadata-directive", "NOPE"));

        (reply.Status, reply.Code).ShouldBe((400, "InvalidArgument"));
    }

    [Theory]
    [InlineData("0-9", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")]
    [InlineData("bytes=5-", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")]
    [InlineData("bytes=-5", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")]
    [InlineData("bytes=9-3", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")]
    [InlineData("bytes=0-100", "Range specified is not valid for source object of size: 100")]
    [InlineData("bytes=100-200", "Range specified is not valid for source object of size: 100")]
    public async Task A_range_of_a_source_names_both_ends_and_lies_within_it(string range, string message)
    {
        await Bare.PutAsync("bucket/source", Bytes(100));
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [])).Text("UploadId")!;

        S3Reply reply = await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-copy-source-range", range));

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, "InvalidArgument", message));
        (await Bare.GetAsync($"bucket/k?uploadId={id}")).Texts("Part").ShouldBeEmpty();
    }

    private static string Sum(string algorithm, byte[] data)
    {
        using var checksum = Checksum.Create(algorithm);
        checksum.Append(data);
        return Convert.ToBase64String(checksum.Finish());
    }
}
