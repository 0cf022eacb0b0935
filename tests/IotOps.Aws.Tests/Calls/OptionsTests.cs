using Amazon.Runtime;

namespace IotOps.Aws.Tests.Calls;

/// <summary>What cannot be called is told when the client is made, and not by every call.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("eu west", "http://127.0.0.1:9", "Region is 'eu west', which is not the name of a region")]
    [InlineData("eu-west-1/x", null, "Region is 'eu-west-1/x'")]
    [InlineData("eu-west-1", "logs.eu-west-1.amazonaws.com", "Endpoint is 'logs.eu-west-1.amazonaws.com'; it begins with https://")]
    [InlineData("eu-west-1", "mqtts://127.0.0.1", "it begins with https://")]
    public void A_region_or_an_endpoint_that_is_none_is_refused_by_name(string region, string? endpoint, string says) =>
        Should.Throw<ArgumentException>(() => new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = region,
            Credentials = new AnonymousAWSCredentials(),
            Endpoint = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute),
        })).Message.ShouldContain(says);

    [Fact]
    public void A_signer_refuses_the_same_region() =>
        Should.Throw<ArgumentException>(() => new SigV4Signer("eu west", "logs")).Message.ShouldContain("Region is 'eu west'");
}
