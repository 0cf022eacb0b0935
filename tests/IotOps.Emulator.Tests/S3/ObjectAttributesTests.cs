using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Checksum = IotOps.Emulator.Checksums.Checksum;

namespace IotOps.Emulator.Tests.S3;

/// <summary>
/// What is known of an object without reading it, and the checksum that S3 gives to an object that came without one, as
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html describes.
/// </summary>
public sealed class ObjectAttributesTests : S3TestBase
{
    private static readonly byte[] Large = Bytes(5 << 20);
    private static readonly byte[] Small = Bytes(10);

    [Fact]
    public async Task An_object_without_a_checksum_gets_one_of_all_its_bytes()
    {
        byte[] content = "test-checksum"u8.ToArray();

        S3Reply put = await Bare.PutAsync("bucket/k", content);

        (put.Header("x-amz-checksum-crc64nvme"), put.Header("x-amz-checksum-type")).ShouldBe(("1f2xscCCZCU=", "FULL_OBJECT"), "the value that S3 gave these bytes");
        S3Reply head = await HeadAsync("bucket/k");
        (head.Header("x-amz-checksum-crc64nvme"), head.Header("x-amz-checksum-type")).ShouldBe(("1f2xscCCZCU=", "FULL_OBJECT"));
        (await Bare.GetAsync("bucket/k")).Header("x-amz-checksum-crc64nvme").ShouldBeNull("nobody asked");
        (await Bare.GetAsync("bucket/k", ("x-amz-checksum-mode", "ENABLED"), ("Range", "bytes=0-3"))).Header("x-amz-checksum-crc64nvme").ShouldBeNull("it is not that of a range");
        (await Bare.GetAsync("bucket?list-type=2")).Text("ChecksumAlgorithm").ShouldBe("CRC64NVME");
        (await Bare.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/k"))).Text("ChecksumCRC64NVME").ShouldBe("1f2xscCCZCU=");
    }

    [Fact]
    public async Task Everything_that_is_asked_for_is_said_and_nothing_else()
    {
        await Bare.PutAsync("bucket/k", Small, ("x-amz-storage-class", "STANDARD_IA"));

        GetObjectAttributesResponse all = await S3.GetObjectAttributesAsync(new GetObjectAttributesRequest
        {
            BucketName = "bucket",
            Key = "k",
            ObjectAttributes = [ObjectAttributes.Checksum, ObjectAttributes.ETag, ObjectAttributes.ObjectParts, ObjectAttributes.ObjectSize, ObjectAttributes.StorageClass],
        });
        S3Reply one = await AttributesAsync("k", " ETag ");

        string etag = (await HeadAsync("bucket/k")).ETag!.Trim('"');
        (all.ETag, all.ObjectSize, all.StorageClass.Value, all.Checksum.ChecksumCRC64NVME).ShouldBe((etag, 10, "STANDARD_IA", Sum("crc64nvme", Small)));
        all.ObjectParts.ShouldBeNull("it came whole");
        (one.Text("ETag"), one.Text("ObjectSize"), one.Text("StorageClass"), one.Text("Checksum")).ShouldBe((etag, null, null, null));
        one.Header("Last-Modified").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Dummy", "InvalidArgument", "Invalid attribute name specified.")]
    [InlineData("ETag,Dummy", "InvalidArgument", "Invalid attribute name specified.")]
    [InlineData(null, "InvalidRequest", "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")]
    public async Task A_request_for_nothing_that_is_known_is_refused(string? attributes, string code, string message)
    {
        await Bare.PutAsync("bucket/k", Small);

        S3Reply reply = await AttributesAsync("k", attributes);

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, code, message));
    }

    [Fact]
    public async Task The_parts_of_an_object_that_is_summed_by_them_are_listed_in_pages()
    {
        await UploadAsync("SHA256", "COMPOSITE", Large, Small);

        S3Reply all = await AttributesAsync("k", "ObjectParts,Checksum");
        (all.Text("PartsCount"), all.Text("IsTruncated"), all.Text("NextPartNumberMarker")).ShouldBe(("2", "false", "2"));
        all.Texts("ChecksumSHA256").ShouldBe([all.Xml!.Elements().First().Elements().First().Value, Sum("sha256", Large), Sum("sha256", Small)]);
        all.Texts("ChecksumSHA256")[0].ShouldNotContain("-", Case.Sensitive, "here S3 leaves the number of parts out");
        all.Texts("Size").ShouldBe([$"{Large.Length}", $"{Small.Length}"]);
        S3Reply first = await AttributesAsync("k", "ObjectParts", ("x-amz-max-parts", "1"));
        (first.Text("IsTruncated"), first.Text("NextPartNumberMarker"), first.Text("PartNumber")).ShouldBe(("true", "1", "1"));
        S3Reply second = await AttributesAsync("k", "ObjectParts", ("x-amz-max-parts", "1"), ("x-amz-part-number-marker", "1"));
        (second.Text("IsTruncated"), second.Text("NextPartNumberMarker"), second.Text("PartNumber")).ShouldBe(("false", "2", "2"));
        S3Reply beyond = await AttributesAsync("k", "ObjectParts", ("x-amz-max-parts", "x"), ("x-amz-part-number-marker", "10"));
        (beyond.Text("IsTruncated"), beyond.Text("NextPartNumberMarker"), beyond.Text("MaxParts"), beyond.Text("PartNumber")).ShouldBe(("false", "0", "1000", null));
    }

    [Theory]
    [InlineData("SHA256", "COMPOSITE")]
    [InlineData("CRC32C", "FULL_OBJECT")]
    [InlineData(null, "FULL_OBJECT")]
    public async Task A_part_is_summed_by_itself_where_the_object_is_made_of_its_parts(string? algorithm, string type)
    {
        await UploadAsync(algorithm, type, Large, Small);

        S3Reply second = await HeadAsync("bucket/k?partNumber=2");

        (second.Status, second.Header("Content-Length"), second.Header("x-amz-mp-parts-count")).ShouldBe((206, "10", "2"));
        (second.Header("x-amz-checksum-sha256"), second.Header("x-amz-checksum-type")).ShouldBe(type == "COMPOSITE" ? (Sum("sha256", Small), type) : (null, null));
        second.Header("x-amz-checksum-crc32c").ShouldBeNull();
        if (type == "FULL_OBJECT")
        {
            S3Reply attributes = await AttributesAsync("k", "ObjectParts,Checksum");
            (attributes.Text("PartsCount"), attributes.Text("Part")).ShouldBe(("2", null), "of such parts S3 says only how many there were");
            string kept = algorithm ?? "CRC64NVME";
            attributes.Text("Checksum" + kept).ShouldBe(Sum(kept.ToLowerInvariant(), [.. Large, .. Small]));
        }
    }

    [Theory]
    [InlineData("COMPOSITE")]
    [InlineData("FULL_OBJECT")]
    public async Task The_only_part_has_its_checksum_which_is_not_always_the_objects(string type)
    {
        await UploadAsync("CRC32C", type, Small);

        S3Reply head = await HeadAsync("bucket/k?partNumber=1");

        (head.Header("x-amz-checksum-crc32c"), head.Header("x-amz-checksum-type")).ShouldBe((Sum("crc32c", Small), type));
        (await HeadAsync("bucket/k")).Header("x-amz-checksum-crc32c")!.EndsWith("-1", StringComparison.Ordinal).ShouldBe(type == "COMPOSITE");
    }

    private async Task UploadAsync(string? algorithm, string type, params byte[][] contents)
    {
        (string, string)[] headers = algorithm is null ? [] : [("x-amz-checksum-algorithm", algorithm), ("x-amz-checksum-type", type)];
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], headers)).Text("UploadId")!;
        var xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < contents.Length; i++)
        {
            string sum = algorithm is null ? "" : Sum(algorithm.ToLowerInvariant(), contents[i]);
            S3Reply part = await Bare.PutAsync(
                $"bucket/k?partNumber={i + 1}&uploadId={id}", contents[i], algorithm is null ? [] : [("x-amz-checksum-" + algorithm.ToLowerInvariant(), sum)]);
            string element = algorithm is null ? "" : $"<Checksum{algorithm}>{sum}</Checksum{algorithm}>";
            xml.Append($"<Part><PartNumber>{i + 1}</PartNumber><ETag>{part.ETag}</ETag>{element}</Part>");
        }

        xml.Append("</CompleteMultipartUpload>");
        (await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", Encoding.UTF8.GetBytes(xml.ToString()), [])).Status.ShouldBe(200);
    }

    private Task<S3Reply> HeadAsync(string path) => Bare.SendAsync(HttpMethod.Head, path, [], [("x-amz-checksum-mode", "ENABLED")]);

    private Task<S3Reply> AttributesAsync(string key, string? attributes, params (string, string)[] headers) =>
        Bare.GetAsync($"bucket/{key}?attributes", [.. attributes is null ? Array.Empty<(string, string)>() : [("x-amz-object-attributes", attributes)], .. headers]);

    private static string Sum(string algorithm, byte[] data)
    {
        using var checksum = Checksum.Create(algorithm);
        checksum.Append(data);
        return Convert.ToBase64String(checksum.Finish());
    }
}
