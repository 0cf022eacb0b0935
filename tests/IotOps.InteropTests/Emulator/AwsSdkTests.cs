using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using IotOps.Emulator;

namespace IotOps.InteropTests.Emulator;

public sealed class AwsSdkTests
{
    [Fact]
    public async Task AWS_own_SDK_puts_gets_and_lists_over_http_with_chunks_and_trailers()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket("bucket");
        using AmazonS3Client s3 = Client(emulator);
        byte[] small = Content(200_000);
        byte[] large = Content(20 << 20);

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "small", InputStream = new MemoryStream(small) });
        using var transfer = new TransferUtility(s3, new TransferUtilityConfig { MinSizeBeforePartUpload = 8 << 20 });
        await transfer.UploadAsync(new MemoryStream(large), "bucket", "large");
        (await emulator.S3.FindAsync("bucket", "large"))!.ETag.ShouldMatch("-[2-9]\"$", "a large object goes up in parts");

        (await ReadAsync(s3, "small")).AsSpan().SequenceEqual(small).ShouldBeTrue();
        (await ReadAsync(s3, "large")).AsSpan().SequenceEqual(large).ShouldBeTrue();
        (await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket" })).S3Objects.Select(o => (o.Key, o.Size))
            .ShouldBe([("large", large.Length), ("small", small.Length)]);
    }

    [Fact]
    public async Task AWS_own_SDK_recovers_from_a_failed_and_from_a_lost_answer()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket("bucket");
        using AmazonS3Client s3 = Client(emulator);
        using FaultHandle failed = emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, Status = 503, Code = "SlowDown" });
        using FaultHandle lost = emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, DropAfterAccepting = true });

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(Content(100_000)) });

        (failed.Hits, lost.Hits).ShouldBe((1, 1));
        (await emulator.S3.FindAsync("bucket", "k"))!.Content.AsSpan().SequenceEqual(Content(100_000)).ShouldBeTrue();
    }

    private static AmazonS3Client Client(AwsEmulator emulator) => new(
        new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
        new AmazonS3Config { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

    private static async Task<byte[]> ReadAsync(AmazonS3Client s3, string key)
    {
        using GetObjectResponse response = await s3.GetObjectAsync("bucket", key);
        using var content = new MemoryStream();
        await response.ResponseStream.CopyToAsync(content);
        return content.ToArray();
    }

    private static byte[] Content(int count)
    {
        byte[] content = new byte[count];
        new Random(count).NextBytes(content);
        return content;
    }
}
