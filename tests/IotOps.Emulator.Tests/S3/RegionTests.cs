using System.Text;

namespace IotOps.Emulator.Tests.S3;

/// <summary>A signature is for one region, and a bucket is in one.</summary>
public sealed class RegionTests : S3TestBase
{
    [Fact]
    public async Task A_signature_for_another_region_is_refused_and_told_the_right_one()
    {
        await CreateAsync("abroad", "eu-west-1");

        S3Reply reply = await Bare.PutAsync("abroad/k", [1]);

        (reply.Status, reply.Code, reply.Text("Region")).ShouldBe((400, "AuthorizationHeaderMalformed", "eu-west-1"));
        reply.Message.ShouldBe("The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'");
        Emulator.S3.Keys("abroad").ShouldBeEmpty();
        S3Reply head = await Bare.SendAsync(HttpMethod.Head, "abroad", [], []);
        (head.Status, head.Header("x-amz-bucket-region")).ShouldBe((400, "eu-west-1"));

        Bare.Signer = Signer("eu-west-1");
        (await Bare.PutAsync("abroad/k", [1])).Status.ShouldBe(200);
        (await Bare.GetAsync("bucket/k")).Text("Region").ShouldBe("us-east-1");
    }

    [Fact]
    public async Task A_presigned_URL_for_another_region_is_refused_in_its_own_words()
    {
        Bare.Signer = Signer("eu-west-1");

        S3Reply reply = await Bare.SendPresignedAsync(HttpMethod.Get, "bucket/k", []);

        (reply.Status, reply.Code, reply.Text("Region")).ShouldBe((400, "AuthorizationQueryParametersError", "us-east-1"));
        reply.Message.ShouldBe("Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    }

    [Theory]
    [InlineData("US")]
    [InlineData("auto")]
    public async Task A_bucket_created_for_a_region_that_is_none_is_refused_with_the_right_one(string region)
    {
        Bare.Signer = Signer(region);

        S3Reply reply = await Bare.PutAsync("new-bucket", []);

        (reply.Status, reply.Code, reply.Text("Region")).ShouldBe((400, "AuthorizationHeaderMalformed", "us-east-1"));
        Emulator.S3.Buckets.ShouldBe(["bucket"]);
    }

    [Fact]
    public async Task The_source_of_a_copy_may_lie_in_another_region()
    {
        await CreateAsync("abroad", "eu-west-1");
        await Bare.PutAsync("bucket/source", [1]);
        Bare.Signer = Signer("eu-west-1");

        (await Bare.PutAsync("abroad/copy", [], ("x-amz-copy-source", "bucket/source"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Where_a_bucket_is_can_be_asked_from_the_oldest_region()
    {
        await CreateAsync("abroad", "eu-west-1");

        (await Bare.GetAsync("abroad?location")).Xml!.Value.ShouldBe("eu-west-1");
        (await Bare.GetAsync("bucket?location")).Xml!.Value.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("eu-west-1", null, "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.")]
    [InlineData("eu-west-1", "eu-west-2", "IllegalLocationConstraintException", "The eu-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.")]
    [InlineData("us-east-1", "us-east-1", "InvalidLocationConstraint", "The specified location-constraint is not valid")]
    public async Task A_bucket_is_created_in_the_region_that_is_signed_for(string endpoint, string? constraint, string code, string message)
    {
        Bare.Signer = Signer(endpoint);

        S3Reply reply = await PutBucketAsync("new-bucket", constraint);

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, code, message));
        Emulator.S3.Buckets.ShouldBe(["bucket"]);
    }

    [Theory]
    [InlineData("192.168.5.4")]
    [InlineData("xn--abc")]
    [InlineData("sthree-x")]
    [InlineData("amzn-s3-demo-x")]
    [InlineData("foo-s3alias")]
    [InlineData("foo--ol-s3")]
    [InlineData("foo--x-s3")]
    [InlineData("foo--table-s3")]
    [InlineData("foo.mrap")]
    [InlineData("a.-b")]
    [InlineData("a-.b")]
    public async Task A_name_that_S3_keeps_for_itself_or_that_is_no_host_name_is_refused(string name) =>
        (await Bare.PutAsync(name, [])).Code.ShouldBe("InvalidBucketName");

    private TestSigner Signer(string region) => new(Emulator.AccessKeyId, Emulator.SecretAccessKey, region, "s3");

    private async Task CreateAsync(string bucket, string region) => (await PutBucketAsync(bucket, region)).Status.ShouldBe(200);

    private Task<S3Reply> PutBucketAsync(string bucket, string? constraint) => Bare.PutAsync(bucket, constraint is null
        ? []
        : Encoding.UTF8.GetBytes($"<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint></CreateBucketConfiguration>"));
}
