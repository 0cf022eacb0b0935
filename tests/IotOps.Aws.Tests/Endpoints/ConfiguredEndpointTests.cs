using IotOps.TestKit;

namespace IotOps.Aws.Tests.Endpoints;

/// <summary>The order is botocore's, which tests/IotOps.InteropTests asks.</summary>
public sealed class ConfiguredEndpointTests : IDisposable
{
    private const string Everything = """
        # the profile of a team
        [default]
        services = dev
        endpoint_url = http://profile:1

        [services dev]
        cloudwatch_logs =
          endpoint_url = http://profile-logs:1
        s3 =
          addressing_style = path
        """;

    private const string Characters = "[]=\n #ab\"\t";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Variables_go_before_the_profile_and_a_service_before_all()
    {
        File.WriteAllText(_directory["config"], Everything);

        Endpoint(AwsService.CloudWatchLogs).ShouldBe("http://profile-logs:1/");
        Endpoint(AwsService.S3).ShouldBe("http://profile:1/");
        Endpoint(AwsService.CloudWatchLogs, ("AWS_ENDPOINT_URL", "http://all:1")).ShouldBe("http://all:1/");
        Endpoint(AwsService.CloudWatchLogs, ("AWS_ENDPOINT_URL", "http://all:1"), ("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://logs:1")).ShouldBe("http://logs:1/");
        Endpoint(AwsService.CloudWatchLogs, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")).ShouldBeNull();
        Endpoint(AwsService.CloudWatchLogs, ("AWS_PROFILE", "other")).ShouldBeNull();
    }

    [Fact]
    public void The_profile_can_ignore_them_too()
    {
        File.WriteAllText(_directory["config"], "[default]\nignore_configured_endpoint_urls = true\n");

        Endpoint(AwsService.S3, ("AWS_ENDPOINT_URL", "http://all:1")).ShouldBeNull();
    }

    [Fact]
    public void A_profile_in_the_file_of_credentials_counts_and_goes_first()
    {
        File.WriteAllText(_directory["config"], "[profile  dev]\nendpoint_url = http://config:1\n[profile \"a b\"]\nendpoint_url=http://quoted:1\n");
        File.WriteAllText(_directory["credentials"], "[dev]\nendpoint_url = http://credentials:1\n");

        Endpoint(AwsService.S3, ("AWS_PROFILE", "dev")).ShouldBe("http://credentials:1/");
        Endpoint(AwsService.S3, ("AWS_PROFILE", "a b")).ShouldBe("http://quoted:1/");
    }

    [Fact]
    public void A_URL_of_the_profile_that_is_none_is_named()
    {
        File.WriteAllText(_directory["config"], "[default]\nendpoint_url = localhost\n");

        Should.Throw<ArgumentException>(() => Endpoint(AwsService.S3)).Message.ShouldContain("endpoint_url of AWS profile 'default' must be an absolute http or https URL, but is 'localhost'");
    }

    [Fact]
    public void A_file_of_garbage_configures_nothing()
    {
        var random = new Random(14);
        for (int i = 0; i < 200; i++)
        {
            File.WriteAllText(_directory["config"], string.Concat(Enumerable.Range(0, 60).Select(_ => Characters[random.Next(Characters.Length)])));

            Endpoint(AwsService.S3).ShouldBeNull();
        }
    }

    private string? Endpoint(AwsService service, params (string Name, string Value)[] variables) => AwsEndpoint.Configured(service, AwsEndpointTests.Environment(
        [.. variables, ("AWS_CONFIG_FILE", _directory["config"]), ("AWS_SHARED_CREDENTIALS_FILE", _directory["credentials"])]))?.AbsoluteUri;
}
