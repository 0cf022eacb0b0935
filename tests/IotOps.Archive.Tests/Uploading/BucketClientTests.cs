using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Archive.Fetching;
using IotOps.Archive.Tests.Exporting;
using IotOps.Archive.Uploading;
using IotOps.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive.Tests.Uploading;

public sealed class BucketClientTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED)]
    public async Task An_upload_announces_the_checksum_that_its_parts_have(RequestChecksumCalculation calculation)
    {
        using AmazonS3Client s3 = Client(calculation);
        BucketClient bucket = Bucket(s3);
        string uploadId = await bucket.CreateUploadAsync("a.zip", "application/zip", CancellationToken.None);
        UploadedPart part = await UploadAsync(bucket, "a.zip", uploadId);

        ListPartsResponse begun = await _logs.S3.ListPartsAsync(LogBucket.Name, "a.zip", uploadId);
        begun.ChecksumAlgorithm.ShouldBe(ChecksumAlgorithm.CRC32);
        begun.Parts.ShouldHaveSingleItem().ChecksumCRC32.ShouldNotBeNull();
        part.ChecksumCrc32.ShouldBe(begun.Parts[0].ChecksumCRC32);
        await bucket.CompleteAsync("a.zip", uploadId, [part], CancellationToken.None);
        (await bucket.LengthAsync("a.zip", CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task Parts_beyond_the_first_page_of_a_thousand_are_listed_too()
    {
        BucketClient bucket = Bucket(_logs.S3);
        string uploadId = await bucket.CreateUploadAsync("large.zip", "application/zip", CancellationToken.None);
        using var part = new PartBuffer(Path.GetTempPath(), expected: 1);
        await part.AppendAsync(new byte[1], CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, 1_001),
            async (number, cancel) => await bucket.UploadPartAsync("large.zip", uploadId, number, part, cancel));

        IReadOnlyList<UploadedPart>? parts = await bucket.ListPartsAsync("large.zip", uploadId, CancellationToken.None);

        parts!.Select(p => p.Number).ShouldBe(Enumerable.Range(1, 1_001));
        await bucket.AbortAllAsync("large.zip", CancellationToken.None);
        (await bucket.ListPartsAsync("large.zip", uploadId, CancellationToken.None)).ShouldBeNull();
    }

    private static BucketClient Bucket(IAmazonS3 s3) => new(s3, LogBucket.Name, new Retries(AwsRetryOptions.None, TimeProvider.System, NullLogger.Instance, () => 0));

    private static async Task<UploadedPart> UploadAsync(BucketClient bucket, string key, string uploadId)
    {
        using var part = new PartBuffer(Path.GetTempPath(), expected: 1);
        await part.AppendAsync(new byte[1], CancellationToken.None);
        return await bucket.UploadPartAsync(key, uploadId, 1, part, CancellationToken.None);
    }

    private AmazonS3Client Client(RequestChecksumCalculation calculation) => new(_logs.Credentials, new AmazonS3Config
    {
        ServiceURL = _logs.Emulator.Endpoint.ToString(),
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        MaxErrorRetry = 0,
        RequestChecksumCalculation = calculation,
    });
}
