using Amazon.Runtime;
using Amazon.S3;
using IotOps.Emulator.Xunit;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Emulator.Xunit/README.md, which runs here.</summary>
public sealed class ReportTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_report_is_stored_once()
    {
        string bucket = EmulatorFixture.NewName("reports");
        emulator.Aws.S3.CreateBucket(bucket);
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(emulator.Aws.AccessKeyId, emulator.Aws.SecretAccessKey),
            new AmazonS3Config { ServiceURL = emulator.Aws.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

        await s3.PutObjectAsync(new() { BucketName = bucket, Key = "today.txt", ContentBody = "all well" });

        Assert.NotNull(await emulator.Aws.S3.FindAsync(bucket, "today.txt"));
    }
}
