using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Checksum = IotOps.Emulator.Checksums.Checksum;

namespace IotOps.Emulator.Tests.S3;

/// <summary>
/// The checksums of an upload, of its parts and of its object are held against each other, as
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html describes.
/// </summary>
public sealed class MultipartChecksumTests : S3TestBase
{
    private static readonly byte[] Content = Bytes(1_000);

    [Theory]
    [InlineData("SHA256", "crc32", "sha256", "crc32")]
    [InlineData("CRC32", "crc32c", "crc32", "crc32c")]
    [InlineData("CRC64NVME", "crc32", "crc64nvme", "crc32")]
    public async Task A_part_of_another_algorithm_than_the_uploads_is_refused(string upload, string part, string expected, string actual)
    {
        string id = await BeginAsync(("x-amz-checksum-algorithm", upload));

        S3Reply reply = await PartAsync(id, 1, Content, part);

        (reply.Status, reply.Code).ShouldBe((400, "InvalidRequest"));
        reply.Message.ShouldBe($"Checksum Type mismatch occurred, expected checksum Type: {expected}, actual checksum Type: {actual}");
        (await Bare.GetAsync($"bucket/k?uploadId={id}")).Texts("Part").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("CRC32")]
    public async Task A_part_without_a_checksum_is_refused_when_the_object_is_summed_by_its_parts(string algorithm)
    {
        string id = await BeginAsync(("x-amz-checksum-algorithm", algorithm));

        S3Reply reply = await PartAsync(id, 1, Content, algorithm: null);

        (reply.Status, reply.Code).ShouldBe((400, "InvalidRequest"));
        reply.Message.ShouldBe($"Checksum Type mismatch occurred, expected checksum Type: {algorithm.ToLowerInvariant()}, actual checksum Type: null");
    }

    [Theory]
    [InlineData("CRC64NVME", null)]
    [InlineData("CRC32", "FULL_OBJECT")]
    public async Task A_part_without_a_checksum_will_do_when_the_whole_object_is_summed(string algorithm, string? type)
    {
        string id = await BeginAsync([("x-amz-checksum-algorithm", algorithm), .. type is null ? Array.Empty<(string, string)>() : [("x-amz-checksum-type", type)]]);
        S3Reply part = await PartAsync(id, 1, Content, algorithm: null);
        part.Status.ShouldBe(200);

        S3Reply done = await CompleteAsync(id, [(1, part.ETag!, null)]);

        (done.Text("ChecksumType"), done.Text("Checksum" + algorithm)).ShouldBe(("FULL_OBJECT", Sum(algorithm.ToLowerInvariant(), Content)));
    }

    [Fact]
    public async Task Completion_names_the_checksum_of_every_part_when_the_upload_has_them()
    {
        string id = await BeginAsync(("x-amz-checksum-algorithm", "CRC32"));
        S3Reply part = await PartAsync(id, 1, Content, "crc32");

        S3Reply without = await CompleteAsync(id, [(1, part.ETag!, null)]);
        (without.Status, without.Code).ShouldBe((400, "InvalidRequest"));
        without.Message.ShouldBe("The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.");
        (await CompleteAsync(id, [(1, part.ETag!, ("ChecksumCRC32", "AAAAAA=="))])).Code.ShouldBe("InvalidPart");
        Emulator.S3.UploadsUnderWay("bucket").ShouldBe(1);

        S3Reply done = await CompleteAsync(id, [(1, part.ETag!, ("ChecksumCRC32", Sum("crc32", Content)))]);
        (done.Status, done.Text("ChecksumType")).ShouldBe((200, "COMPOSITE"));
    }

    [Fact]
    public async Task A_checksum_that_the_upload_did_not_announce_is_held_against_the_part_and_forgotten()
    {
        string id = await BeginAsync();
        (await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", Content, ("x-amz-checksum-crc32", "AAAAAA=="))).Code.ShouldBe("BadDigest");
        S3Reply part = await PartAsync(id, 1, Content, "crc32c");
        part.Header("x-amz-checksum-crc32c").ShouldBe(Sum("crc32c", Content));

        (await Bare.GetAsync($"bucket/k?uploadId={id}")).Text("ChecksumCRC32C").ShouldBeNull();
        (await CompleteAsync(id, [(1, part.ETag!, ("ChecksumCRC32C", Sum("crc32c", Content)))])).Code.ShouldBe("InvalidPart");
        S3Reply typed = await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-type", "FULL_OBJECT"));
        (typed.Code, typed.Message).ShouldBe(("InvalidRequest", "The upload was created using the null checksum mode. The complete request must use the same checksum mode."));
        S3Reply done = await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-crc32c", "AAAAAA==-2"));
        (done.Text("ChecksumType"), done.Text("ChecksumCRC64NVME"), done.Text("ChecksumCRC32C")).ShouldBe(("FULL_OBJECT", Sum("crc64nvme", Content), null));
    }

    [Fact]
    public async Task The_size_of_the_whole_object_may_come_with_the_completion()
    {
        string id = await BeginAsync();
        S3Reply part = await PartAsync(id, 1, Content, algorithm: null);

        S3Reply other = await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-mp-object-size", "5"));

        (other.Code, other.Message).ShouldBe(("InvalidRequest", "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 1000"));
        (await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-mp-object-size", "1000"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("CRC32", "NOPE", "Value for x-amz-checksum-type header is invalid.")]
    [InlineData("SHA256", "FULL_OBJECT", "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.")]
    [InlineData("CRC64NVME", "COMPOSITE", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.")]
    [InlineData(null, "COMPOSITE", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")]
    public async Task A_type_that_does_not_go_with_the_algorithm_is_refused(string? algorithm, string type, string message)
    {
        (string, string)[] headers = [.. algorithm is null ? Array.Empty<(string, string)>() : [("x-amz-checksum-algorithm", algorithm)], ("x-amz-checksum-type", type)];

        S3Reply reply = await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], headers);

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, "InvalidRequest", message));
        Emulator.S3.UploadsUnderWay("bucket").ShouldBe(0);
    }

    [Fact]
    public async Task The_checksum_of_the_whole_object_may_come_with_the_completion()
    {
        string id = await BeginAsync(("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", "FULL_OBJECT"));
        S3Reply part = await PartAsync(id, 1, Content, "crc32");

        (await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-crc32", "AAAAAA=="))).Code.ShouldBe("BadDigest");
        (await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-crc32c", Sum("crc32c", Content)))).Code.ShouldBe("BadDigest", "of another algorithm");
        S3Reply other = await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-type", "COMPOSITE"));
        (other.Status, other.Code).ShouldBe((400, "InvalidRequest"));
        (await CompleteAsync(id, [(1, part.ETag!, null)], ("x-amz-checksum-crc32", Sum("crc32", Content)), ("x-amz-checksum-type", "FULL_OBJECT"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_part_that_is_copied_has_the_checksum_of_its_upload_in_the_answer()
    {
        await Bare.PutAsync("bucket/source", Content);
        string id = await BeginAsync(("x-amz-checksum-algorithm", "SHA256"));

        S3Reply copied = await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [], ("x-amz-copy-source", "bucket/source"));

        copied.Text("ChecksumSHA256").ShouldBe(Sum("sha256", Content));
        (await CompleteAsync(id, [(1, copied.Text("ETag")!, ("ChecksumSHA256", Sum("sha256", Content)))])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_element_of_a_part_that_is_not_emulated_is_refused_by_its_name()
    {
        string id = await BeginAsync();
        S3Reply part = await PartAsync(id, 1, Content, algorithm: null);

        S3Reply unknown = await CompleteAsync(id, [(1, part.ETag!, ("ChecksumSHA512", "x"))]);
        (unknown.Status, unknown.Code).ShouldBe((501, "NotImplemented"));
        unknown.Message.ShouldNotBeNull().ShouldContain("ChecksumSHA512");
        (await CompleteAsync(id, [(1, part.ETag!, ("Nonsense", "x"))])).Code.ShouldBe("MalformedXML");
        (await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"u8.ToArray(), []))
            .Code.ShouldBe("MalformedXML", "a part has an ETag");
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("SHA256")]
    [InlineData("CRC64NVME")]
    [InlineData(null)]
    public async Task The_SDKs_own_upload_goes_through(string? algorithm)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = "bucket", Key = "k" };
        var upload = new UploadPartRequest { BucketName = "bucket", Key = "k", PartNumber = 1, InputStream = new MemoryStream(Content) };
        if (algorithm is not null)
        {
            begin.ChecksumAlgorithm = upload.ChecksumAlgorithm = new ChecksumAlgorithm(algorithm);
        }

        upload.UploadId = (await S3.InitiateMultipartUploadAsync(begin)).UploadId;
        UploadPartResponse part = await S3.UploadPartAsync(upload);
        await S3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = "bucket", Key = "k", UploadId = upload.UploadId, PartETags = [new PartETag(part, copyChecksums: algorithm is not null)] });

        (await StoredAsync("k")).ShouldBe(Content);
    }

    private async Task<string> BeginAsync(params (string, string)[] headers)
    {
        S3Reply reply = await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], headers);
        reply.Status.ShouldBe(200, reply.Message);
        return reply.Text("UploadId")!;
    }

    private Task<S3Reply> PartAsync(string id, int number, byte[] content, string? algorithm) => Bare.PutAsync(
        $"bucket/k?partNumber={number}&uploadId={id}", content, algorithm is null ? [] : [($"x-amz-checksum-{algorithm}", Sum(algorithm, content))]);

    private Task<S3Reply> CompleteAsync(string id, (int Number, string ETag, (string Name, string Value)? Checksum)[] parts, params (string, string)[] headers)
    {
        string xml = "<CompleteMultipartUpload>"
            + string.Concat(parts.Select(p => $"<Part><PartNumber>{p.Number}</PartNumber><ETag>{p.ETag}</ETag>{(p.Checksum is { } c ? $"<{c.Name}>{c.Value}</{c.Name}>" : "")}</Part>"))
            + "</CompleteMultipartUpload>";
        return Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", Encoding.UTF8.GetBytes(xml), headers);
    }

    private static string Sum(string algorithm, byte[] data)
    {
        using var checksum = Checksum.Create(algorithm);
        checksum.Append(data);
        return Convert.ToBase64String(checksum.Finish());
    }
}
