namespace IotOps.Aws.Tests.Endpoints;

public sealed class AwsEndpointTests
{
    [Theory]
    [InlineData("eu-west-1", "https://logs.eu-west-1.amazonaws.com/", "aws")]
    [InlineData("cn-north-1", "https://logs.cn-north-1.amazonaws.com.cn/", "aws-cn")]
    [InlineData("us-gov-west-1", "https://logs.us-gov-west-1.amazonaws.com/", "aws-us-gov")]
    [InlineData("us-iso-east-1", "https://logs.us-iso-east-1.c2s.ic.gov/", "aws-iso")]
    [InlineData("us-isob-east-1", "https://logs.us-isob-east-1.sc2s.sgov.gov/", "aws-iso-b")]
    [InlineData("eu-isoe-west-1", "https://logs.eu-isoe-west-1.cloud.adc-e.uk/", "aws-iso-e")]
    [InlineData("us-isof-south-1", "https://logs.us-isof-south-1.csp.hci.ic.gov/", "aws-iso-f")]
    [InlineData("eusc-de-east-1", "https://logs.eusc-de-east-1.amazonaws.eu/", "aws-eusc")]
    public void A_region_has_its_endpoint_in_its_partition(string region, string endpoint, string partition)
    {
        AwsEndpoint.OfRegion(AwsService.CloudWatchLogs, region).AbsoluteUri.ShouldBe(endpoint);
        AwsEndpoint.Partition(region).ShouldBe(partition);
        AwsEndpoint.IsAws(new Uri(endpoint)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("https://a1b2c3-ats.iot.eu-west-1.amazonaws.com/", true)]
    [InlineData("mqtts://a1b2c3-ats.iot.eusc-de-east-1.amazonaws.eu:8883", true)]
    [InlineData("https://LOGS.EU-WEST-1.AMAZONAWS.COM/", true)]
    [InlineData("https://logs.eu-west-1.api.aws/", true)]
    [InlineData("https://s3.dualstack.cn-north-1.amazonaws.com.cn/", true)]
    [InlineData("http://127.0.0.1:4566/", false)]
    [InlineData("https://amazonaws.com.example/", false)]
    [InlineData("https://s3.eu-west-1.amazonaws.com.example/", false)]
    [InlineData("https://notamazonaws.com/", false)]
    public void A_host_is_of_AWS_or_of_somebody_else(string endpoint, bool isAws) => AwsEndpoint.IsAws(new Uri(endpoint)).ShouldBe(isAws);

    public static TheoryData<AwsService, string, string, string> Services => new()
    {
        { AwsService.CloudWatchLogs, "logs.us-east-1.amazonaws.com", "logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS" },
        { AwsService.S3, "s3.us-east-1.amazonaws.com", "s3", "AWS_ENDPOINT_URL_S3" },
        { AwsService.Iot, "iot.us-east-1.amazonaws.com", "iot", "AWS_ENDPOINT_URL_IOT" },
        { AwsService.IotData, "data-ats.iot.us-east-1.amazonaws.com", "iotdata", "AWS_ENDPOINT_URL_IOT_DATA_PLANE" },
        { AwsService.Batch, "batch.us-east-1.amazonaws.com", "batch", "AWS_ENDPOINT_URL_BATCH" },
        { AwsService.Sts, "sts.us-east-1.amazonaws.com", "sts", "AWS_ENDPOINT_URL_STS" },
        { AwsService.CloudTrail, "cloudtrail.us-east-1.amazonaws.com", "cloudtrail", "AWS_ENDPOINT_URL_CLOUDTRAIL" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_service_has_the_names_that_AWS_gave_it(AwsService service, string host, string signingName, string variable)
    {
        AwsEndpoint.OfRegion(service, "us-east-1").Host.ShouldBe(host);
        service.SigningName.ShouldBe(signingName);
        AwsEndpoint.Resolve(service, "us-east-1", Environment((variable, "http://127.0.0.1:1"))).Port.ShouldBe(1);
    }

    [Fact]
    public void The_services_own_variable_goes_before_the_common_one()
    {
        Func<string, string?> environment = Environment(
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2"));

        AwsEndpoint.Resolve(AwsService.S3, "us-east-1", environment).Port.ShouldBe(2);
        AwsEndpoint.Resolve(AwsService.Batch, "us-east-1", environment).Port.ShouldBe(1);
    }

    [Fact]
    public void Configured_endpoints_can_be_told_to_be_ignored() =>
        AwsEndpoint.Resolve(AwsService.S3, "us-east-1", Environment(("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE")))
            .Host.ShouldBe("s3.us-east-1.amazonaws.com");

    [Theory]
    [InlineData("localhost:4566")]
    [InlineData("ftp://host")]
    public void A_variable_that_holds_no_http_URL_is_named(string value) =>
        Should.Throw<ArgumentException>(() => AwsEndpoint.Resolve(AwsService.S3, "us-east-1", Environment(("AWS_ENDPOINT_URL_S3", value))))
            .Message.ShouldContain($"AWS_ENDPOINT_URL_S3 must be an absolute http or https URL, but is '{value}'");

    [Theory]
    [InlineData("evil.com/")]
    [InlineData("us-east-1.evil")]
    [InlineData("US-EAST-1")]
    [InlineData("-us")]
    public void What_could_name_another_host_is_no_region(string region) =>
        Should.Throw<ArgumentException>(() => AwsEndpoint.OfRegion(AwsService.S3, region)).Message.ShouldContain(region);

    internal static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault();
}
