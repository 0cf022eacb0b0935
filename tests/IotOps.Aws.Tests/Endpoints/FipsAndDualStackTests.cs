using IotOps.TestKit;

namespace IotOps.Aws.Tests.Endpoints;

/// <summary>The hosts are botocore 1.43's; tests/IotOps.InteropTests asks the installed one for every region.</summary>
public sealed class FipsAndDualStackTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public static TheoryData<AwsService, string, bool, bool, string> Hosts => new()
    {
        { AwsService.CloudWatchLogs, "us-east-1", true, false, "logs-fips.us-east-1.amazonaws.com" },
        { AwsService.CloudWatchLogs, "us-east-1", false, true, "logs.us-east-1.api.aws" },
        { AwsService.CloudWatchLogs, "us-east-1", true, true, "logs-fips.us-east-1.api.aws" },
        { AwsService.CloudWatchLogs, "us-gov-west-1", true, false, "logs.us-gov-west-1.amazonaws.com" },
        { AwsService.CloudWatchLogs, "us-gov-west-1", true, true, "logs-fips.us-gov-west-1.api.aws" },
        { AwsService.CloudWatchLogs, "cn-north-1", false, true, "logs.cn-north-1.api.amazonwebservices.com.cn" },
        { AwsService.CloudWatchLogs, "eusc-de-east-1", true, false, "logs-fips.eusc-de-east-1.amazonaws.eu" },
        { AwsService.S3, "us-west-2", true, false, "s3-fips.us-west-2.amazonaws.com" },
        { AwsService.S3, "us-west-2", false, true, "s3.dualstack.us-west-2.amazonaws.com" },
        { AwsService.S3, "us-gov-east-1", true, true, "s3-fips.dualstack.us-gov-east-1.amazonaws.com" },
        { AwsService.Iot, "us-gov-west-1", true, false, "iot-fips.us-gov-west-1.amazonaws.com" },
        { AwsService.IotData, "us-east-2", true, false, "data.iot-fips.us-east-2.amazonaws.com" },
        { AwsService.IotData, "eu-west-1", true, false, "data-ats.iot-fips.eu-west-1.amazonaws.com" },
        { AwsService.IotData, "cn-north-1", false, false, "data.ats.iot.cn-north-1.amazonaws.com.cn" },
        { AwsService.Batch, "us-east-1", true, false, "fips.batch.us-east-1.amazonaws.com" },
        { AwsService.Sts, "us-gov-east-1", true, false, "sts.us-gov-east-1.amazonaws.com" },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Hosts))]
    public void A_service_has_its_FIPS_and_dual_stack_hosts(AwsService service, string region, bool fips, bool dualStack, string host) =>
        AwsEndpoint.OfRegion(service, region, fips, dualStack).Host.ShouldBe(host);

    [Fact]
    public void What_a_partition_does_not_have_is_refused_by_name() =>
        Should.Throw<ArgumentException>(() => AwsEndpoint.OfRegion(AwsService.S3, "cn-north-1", fips: true, dualStack: false))
            .Message.ShouldContain("Amazon S3 has no FIPS endpoint in cn-north-1");

    [Fact]
    public void The_variables_choose_the_endpoint()
    {
        Host(("AWS_USE_FIPS_ENDPOINT", "TRUE")).ShouldBe("logs-fips.us-east-1.amazonaws.com");
        Host(("AWS_USE_DUALSTACK_ENDPOINT", "true")).ShouldBe("logs.us-east-1.api.aws");
        Host(("AWS_USE_FIPS_ENDPOINT", "false")).ShouldBe("logs.us-east-1.amazonaws.com");
    }

    [Fact]
    public void The_profile_chooses_where_the_variables_say_nothing()
    {
        File.WriteAllText(_directory["config"], "[default]\nuse_fips_endpoint = true\n[profile dev]\nuse_dualstack_endpoint=true\n");

        Host().ShouldBe("logs-fips.us-east-1.amazonaws.com");
        Host(("AWS_PROFILE", "dev")).ShouldBe("logs.us-east-1.api.aws");
        Host(("AWS_USE_FIPS_ENDPOINT", "false")).ShouldBe("logs.us-east-1.amazonaws.com");
        Host(("AWS_USE_FIPS_ENDPOINT", "")).ShouldBe("logs-fips.us-east-1.amazonaws.com");
    }

    [Fact]
    public void S3s_own_dual_stack_key_of_the_profile_is_honoured_for_S3_alone()
    {
        File.WriteAllText(_directory["config"], "[default]\ns3 =\n  use_dualstack_endpoint = true\nregion = eu-west-1\n");

        AwsEndpoint.Resolve(AwsService.S3, "us-east-1", Environment()).Host.ShouldBe("s3.dualstack.us-east-1.amazonaws.com");
        Host().ShouldBe("logs.us-east-1.amazonaws.com");
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    public void What_is_neither_true_nor_false_is_refused_instead_of_read_as_false(string value)
    {
        Should.Throw<ArgumentException>(() => Host(("AWS_USE_FIPS_ENDPOINT", value)))
            .Message.ShouldContain($"AWS_USE_FIPS_ENDPOINT must be true or false, but is '{value}'");

        File.WriteAllText(_directory["config"], $"[default]\nuse_dualstack_endpoint = {value}\n");
        Should.Throw<ArgumentException>(() => Host()).Message.ShouldContain($"use_dualstack_endpoint of AWS profile 'default' must be true or false, but is '{value}'");
    }

    [Theory]
    [InlineData("https://logs.us-east-1.amazonaws.com")]
    [InlineData("https://vpce-1.logs.us-east-1.vpce.amazonaws.com")]
    [InlineData("wss://a1b2c3-ats.iot.us-east-1.amazonaws.com")]
    [InlineData("https://c1.credentials.iot.us-east-1.amazonaws.com")]
    [InlineData("https://iot.us-gov-west-1.amazonaws.com")]
    [InlineData("https://logs.us-east-1.api.aws")]
    public void With_FIPS_no_other_endpoint_of_AWS_is_taken(string endpoint)
    {
        string message = Should.Throw<ArgumentException>(() => AwsEndpoint.RequireFips(new Uri(endpoint), Environment(("AWS_USE_FIPS_ENDPOINT", "true")))).Message;
        message.ShouldContain(new Uri(endpoint).Host);
        message.ShouldContain("AWS_USE_FIPS_ENDPOINT");
        AwsEndpoint.RequireFips(new Uri(endpoint), Environment());
    }

    [Theory]
    [InlineData("https://logs-fips.us-east-1.amazonaws.com")]
    [InlineData("https://logs.us-gov-west-1.amazonaws.com")]
    [InlineData("https://fips.batch.us-east-1.amazonaws.com")]
    [InlineData("wss://data.iot-fips.us-east-1.amazonaws.com")]
    [InlineData("http://127.0.0.1:4566")]
    [InlineData("https://logs.example.com")]
    public void With_FIPS_a_FIPS_endpoint_is_taken_and_so_is_a_host_that_is_not_AWSs(string endpoint) =>
        AwsEndpoint.RequireFips(new Uri(endpoint), Environment(("AWS_USE_FIPS_ENDPOINT", "true")));

    [Fact]
    public void A_configured_endpoint_without_FIPS_is_refused_too() =>
        Should.Throw<ArgumentException>(() => Host(("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_ENDPOINT_URL", "https://logs.us-east-1.amazonaws.com")))
            .Message.ShouldContain("is not a FIPS endpoint of AWS");

    [Fact]
    public void The_device_credentials_come_from_a_FIPS_endpoint_or_not_at_all() =>
        Should.Throw<ArgumentException>(() => new IotCredentialsProvider(
            new IotCredentialsProviderOptions
            {
                Endpoint = new Uri("https://c1.credentials.iot.us-east-1.amazonaws.com"),
                RoleAlias = "alias",
                CertificateFile = "c.pem",
                PrivateKeyFile = "k.pem",
            },
            Environment(("AWS_USE_FIPS_ENDPOINT", "true")))).Message.ShouldContain("c1.credentials.iot.us-east-1.amazonaws.com is not a FIPS endpoint");

    private string Host(params (string Name, string Value)[] variables) =>
        AwsEndpoint.Resolve(AwsService.CloudWatchLogs, "us-east-1", Environment(variables)).Host;

    private Func<string, string?> Environment(params (string Name, string Value)[] variables) => AwsEndpointTests.Environment(
        [.. variables, ("AWS_CONFIG_FILE", _directory["config"]), ("AWS_SHARED_CREDENTIALS_FILE", _directory["credentials"])]);
}
