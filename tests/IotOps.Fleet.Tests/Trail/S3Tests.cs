using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Fleet.Tests.Trail;

public sealed class S3Tests : IAsyncLifetime
{
    private const string Folder = "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/";

    private AwsEmulator _emulator = null!;
    private AmazonS3Client _s3 = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync(new EmulatorOptions { Port = 0 });
        _s3 = new AmazonS3Client(
            new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            new AmazonS3Config { ServiceURL = _emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 0 });
        await _s3.PutBucketAsync("trail");
    }

    public async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_day_reads_the_same_from_S3_as_from_files()
    {
        for (int hour = 0; hour < 24; hour++)
        {
            await PutAsync($"{Folder}123456789012_CloudTrail_eu-west-1_20260101T{hour:00}05Z_{new string('a', 16)}.json.gz", Records.Gzip(Records.File(
                $$"""{"eventID":"{{hour}}","eventTime":"2026-01-01T{{hour:00}}:00:00Z"}""", """{"eventID":"twice"}""")));
        }

        using var reader = new CloudTrailReader();
        List<CloudTrailRecord> records = await Records.ToListAsync(
            reader.ReadPrefixAsync(new S3TrailObjects(_s3), "trail", "AWSLogs/", TestContext.Current.CancellationToken));

        records.Select(record => record.EventId).ShouldBe(["0", "twice", .. Enumerable.Range(1, 23).Select(hour => $"{hour}")]);
        reader.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Listing_goes_through_all_pages_and_folders()
    {
        foreach (int i in Enumerable.Range(0, 1_050))
        {
            await PutAsync($"AWSLogs/123456789012/CloudTrail/r{i % 3}/2026/01/01/{i:0000}.json.gz", [1]);
        }

        var objects = new S3TrailObjects(_s3);

        (await objects.ListAsync("trail", "AWSLogs/", TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken)).ShouldBe(1_050);
        (await objects.ListFoldersAsync("trail", "AWSLogs/123456789012/CloudTrail/", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken))
            .ShouldBe(["AWSLogs/123456789012/CloudTrail/r0/", "AWSLogs/123456789012/CloudTrail/r1/", "AWSLogs/123456789012/CloudTrail/r2/"]);
    }

    [Fact]
    public async Task Metadata_comes_with_the_object_and_a_missing_one_is_null()
    {
        await _s3.PutObjectAsync(
            new PutObjectRequest { BucketName = "trail", Key = "k", ContentBody = "x", Metadata = { ["signature"] = "abcd", ["signature-algorithm"] = "SHA256withRSA" } },
            TestContext.Current.CancellationToken);
        var objects = new S3TrailObjects(_s3);

        await using TrailObject? found = await objects.OpenAsync("trail", "k", TestContext.Current.CancellationToken);

        found!.Metadata["signature"].ShouldBe("abcd");
        found.Metadata["signature-algorithm"].ShouldBe("SHA256withRSA");
        (await objects.OpenAsync("trail", "none", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task What_S3_refuses_says_what_to_do()
    {
        var objects = new S3TrailObjects(_s3);

        AwsException refusal = await Should.ThrowAsync<AwsException>(() => objects.OpenAsync("no-such-bucket", "k", TestContext.Current.CancellationToken));
        AwsException listing = await Should.ThrowAsync<AwsException>(async () =>
            await objects.ListAsync("no-such-bucket", "", TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));

        refusal.Code.ShouldBe("NoSuchBucket");
        listing.Message.ShouldContain("Check the bucket's name and the account.");
    }

    private Task<PutObjectResponse> PutAsync(string key, byte[] body) =>
        _s3.PutObjectAsync(new PutObjectRequest { BucketName = "trail", Key = key, InputStream = new MemoryStream(body) }, TestContext.Current.CancellationToken);
}
