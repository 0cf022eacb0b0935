using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

public sealed class BucketTests : S3TestBase
{
    [Fact]
    public async Task A_bucket_is_created_listed_and_deleted()
    {
        await S3.PutBucketAsync(new PutBucketRequest { BucketName = "second", BucketRegion = S3Region.EUCentral1 });

        (await S3.ListBucketsAsync()).Buckets.Select(b => b.BucketName).ShouldBe(["bucket", "second"]);
        (await S3.GetBucketLocationAsync("second")).Location.Value.ShouldBe("eu-central-1");
        using AmazonS3Client there = Client(new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey), "eu-central-1");
        (await there.DeleteBucketAsync("second")).HttpStatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Bare.SendAsync(HttpMethod.Head, "second", [], [])).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_bucket_with_objects_is_not_deleted()
    {
        await Bare.PutAsync("bucket/k", [1]);

        (await Bare.SendAsync(HttpMethod.Delete, "bucket", [], [])).Code.ShouldBe("BucketNotEmpty");
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("dot..dot")]
    [InlineData("end-")]
    public async Task A_name_that_is_none_is_refused(string name) =>
        (await Bare.PutAsync(name, [])).Code.ShouldBe("InvalidBucketName");
}
