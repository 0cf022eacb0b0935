using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

public sealed class MultipartTests : S3TestBase
{
    private const int MinPart = 5 << 20;
    private static readonly byte[] Large = Bytes(MinPart);
    private static readonly byte[] Small = Bytes(1_000);

    [Fact]
    public async Task Parts_become_one_object_with_the_ETag_of_their_sums()
    {
        CompleteMultipartUploadResponse done = await UploadAsync(Large, Small);

        (await StoredAsync("k")).ShouldBe([.. Large, .. Small]);
        byte[] sums = [.. Md5(Large), .. Md5(Small)];
        done.ETag.ShouldBe($"\"{TestSigner.Hex(Md5(sums))}-2\"");
        Emulator.S3.UploadsUnderWay("bucket").ShouldBe(0);
    }

    [Fact]
    public async Task A_part_other_than_the_last_has_at_least_5_MiB()
    {
        AmazonS3Exception e = await Should.ThrowAsync<AmazonS3Exception>(() => UploadAsync(Large[1..], Small));

        e.ErrorCode.ShouldBe("EntityTooSmall");
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task Parts_must_be_named_in_order_and_by_their_ETags()
    {
        (string id, List<PartETag> parts) = await UploadPartsAsync(Large, Small);

        (await FailAsync(id, [parts[1], parts[0]])).ShouldBe("InvalidPartOrder");
        (await FailAsync(id, [parts[0], new PartETag(2, "\"other\"") { ChecksumCRC32 = parts[1].ChecksumCRC32 }])).ShouldBe("InvalidPart");
        (await FailAsync(id, [new PartETag(3, parts[0].ETag) { ChecksumCRC32 = parts[0].ChecksumCRC32 }])).ShouldBe("InvalidPart");
    }

    [Fact]
    public async Task Completing_can_answer_200_with_an_error_inside_and_has_no_effect_then()
    {
        (string id, List<PartETag> parts) = await UploadPartsAsync(Small);
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", Times = 1, Status = 200, Code = "InternalError" });

        S3Reply reply = await CompleteBareAsync(id, parts);

        reply.Status.ShouldBe(200);
        Encoding.UTF8.GetString(reply.Body).ShouldContain("<Error><Code>InternalError</Code>");
        (await StoredAsync("k")).ShouldBeNull();
        Emulator.S3.UploadsUnderWay("bucket").ShouldBe(1);
    }

    [Fact]
    public async Task A_part_sent_again_replaces_the_first()
    {
        (string id, _) = await UploadPartsAsync(Small);
        UploadPartResponse again = await UploadPartAsync(id, 1, Bytes(10));
        await CompleteAsync(id, [new PartETag(again, copyChecksums: true)]);

        (await StoredAsync("k")).ShouldBe(Bytes(10));
    }

    [Fact]
    public async Task Who_asks_again_after_completion_is_told_the_same()
    {
        (string id, List<PartETag> parts) = await UploadPartsAsync(Small);
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", Times = 1, DropAfterAccepting = true });

        await Should.ThrowAsync<HttpRequestException>(() => CompleteBareAsync(id, parts));
        S3Reply again = await CompleteBareAsync(id, parts);

        again.Status.ShouldBe(200);
        again.Xml!.Elements().Single(e => e.Name.LocalName == "ETag").Value.ShouldBe((await Emulator.S3.FindAsync("bucket", "k"))!.ETag);
    }

    [Fact]
    public async Task An_aborted_upload_is_gone()
    {
        (string id, List<PartETag> parts) = await UploadPartsAsync(Small);

        (await S3.ListPartsAsync("bucket", "k", id)).Parts.Count.ShouldBe(1);
        (await S3.ListMultipartUploadsAsync("bucket")).MultipartUploads.Select(u => u.UploadId).ShouldBe([id]);
        await S3.AbortMultipartUploadAsync("bucket", "k", id);

        (await FailAsync(id, parts)).ShouldBe("NoSuchUpload");
        Emulator.S3.UploadsUnderWay("bucket").ShouldBe(0);
    }

    [Fact]
    public async Task A_part_can_be_a_range_of_another_object()
    {
        await Bare.PutAsync("bucket/source", Bytes(100));
        InitiateMultipartUploadResponse begun = await S3.InitiateMultipartUploadAsync("bucket", "k");
        CopyPartResponse copied = await S3.CopyPartAsync(new CopyPartRequest
        {
            SourceBucket = "bucket",
            SourceKey = "source",
            DestinationBucket = "bucket",
            DestinationKey = "k",
            UploadId = begun.UploadId,
            PartNumber = 1,
            FirstByte = 10,
            LastByte = 19,
        });
        await CompleteAsync(begun.UploadId, [new PartETag(1, copied.ETag)]);

        (await StoredAsync("k")).ShouldBe(Bytes(100)[10..20]);
    }

    [Fact]
    public async Task A_part_number_reads_that_part()
    {
        await UploadAsync(Large, Small);

        using GetObjectResponse part = await S3.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = "k", PartNumber = 2 });

        (part.ContentLength, part.PartsCount).ShouldBe((Small.Length, 2));
    }

    private static byte[] Md5(byte[] data)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(data);
        return md5.GetHashAndReset();
    }

    private async Task<CompleteMultipartUploadResponse> UploadAsync(params byte[][] contents)
    {
        (string id, List<PartETag> parts) = await UploadPartsAsync(contents);
        return await CompleteAsync(id, parts);
    }

    private async Task<(string Id, List<PartETag> Parts)> UploadPartsAsync(params byte[][] contents)
    {
        InitiateMultipartUploadResponse begun = await S3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = "bucket", Key = "k", ChecksumAlgorithm = ChecksumAlgorithm.CRC32 });
        var parts = new List<PartETag>();
        foreach (byte[] content in contents)
        {
            UploadPartResponse part = await UploadPartAsync(begun.UploadId, parts.Count + 1, content);
            parts.Add(new PartETag(part, copyChecksums: true));
        }

        return (begun.UploadId, parts);
    }

    private Task<UploadPartResponse> UploadPartAsync(string id, int number, byte[] content) => S3.UploadPartAsync(new UploadPartRequest
    {
        BucketName = "bucket",
        Key = "k",
        UploadId = id,
        PartNumber = number,
        InputStream = new MemoryStream(content),
    });

    private Task<CompleteMultipartUploadResponse> CompleteAsync(string id, List<PartETag> parts) =>
        S3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = "bucket", Key = "k", UploadId = id, PartETags = parts });

    private async Task<string> FailAsync(string id, List<PartETag> parts) => (await CompleteBareAsync(id, parts)).Code!;

    // The SDK sorts the parts and may ask twice by itself.
    private Task<S3Reply> CompleteBareAsync(string id, List<PartETag> parts)
    {
        string xml = "<CompleteMultipartUpload>"
            + string.Concat(parts.Select(p => $"<Part><PartNumber>{p.PartNumber}</PartNumber><ETag>{p.ETag}</ETag><ChecksumCRC32>{p.ChecksumCRC32}</ChecksumCRC32></Part>"))
            + "</CompleteMultipartUpload>";
        return Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", System.Text.Encoding.UTF8.GetBytes(xml), []);
    }
}
