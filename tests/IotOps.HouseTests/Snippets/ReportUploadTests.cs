// The whole of a user's test file, as src/IotOps.Emulator/README.md shows it: with usings that this project already has.
#pragma warning disable IDE0005, CA1050, MA0047
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Emulator;
using Xunit;

public sealed class ReportUploadTests
{
    [Fact]
    public async Task A_report_survives_a_busy_S3()
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        aws.S3.CreateBucket("reports");
        using FaultHandle busy = aws.Faults.Add(new Fault { Operation = "PutObject", Times = 2, Status = 503, Code = "SlowDown" });
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(aws.AccessKeyId, aws.SecretAccessKey),
            new AmazonS3Config { ServiceURL = aws.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

        await s3.PutObjectAsync(new() { BucketName = "reports", Key = "today.txt", ContentBody = "all well" });

        ReceivedObject? report = await aws.S3.FindAsync("reports", "today.txt");
        Assert.Equal("all well", Encoding.UTF8.GetString(report!.Content));
        Assert.Equal(2, busy.Hits);
    }
}
