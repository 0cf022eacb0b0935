namespace IotOps.Aws.Tests.Endpoints;

public sealed class AwsRegionTests
{
    [Fact]
    public void What_the_caller_gives_goes_first() =>
        AwsRegion.Resolve("eu-west-1", AwsEndpointTests.Environment(("AWS_REGION", "us-east-1"))).ShouldBe("eu-west-1");

    [Fact]
    public void Then_the_environment_in_the_SDKs_order()
    {
        AwsRegion.Resolve("", AwsEndpointTests.Environment(("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "us-west-2"))).ShouldBe("us-east-1");
        AwsRegion.Resolve(null, AwsEndpointTests.Environment(("AWS_DEFAULT_REGION", "us-west-2"))).ShouldBe("us-west-2");
    }

    [Fact]
    public void Without_any_the_error_says_where_to_set_one() =>
        Should.Throw<InvalidOperationException>(() => AwsRegion.Resolve(null, AwsEndpointTests.Environment(("AWS_PROFILE", "no-such-profile"))))
            .Message.ShouldContain("AWS profile 'no-such-profile'");
}
