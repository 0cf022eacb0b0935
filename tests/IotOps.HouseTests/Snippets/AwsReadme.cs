using Amazon;
using Amazon.S3;
using IotOps.Aws;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Aws/README.md.</summary>
internal static class AwsReadme
{
    public static async Task Call()
    {
        using var credentials = new IotCredentialsProvider(new IotCredentialsProviderOptions
        {
            // aws iot describe-endpoint --endpoint-type iot:CredentialProvider
            Endpoint = new Uri("https://c2a1b3c4d5e6f7.credentials.iot.eu-west-1.amazonaws.com"),
            RoleAlias = "DeviceLogs",
            ThingName = "THING00001",
            CertificateFile = "/etc/agent/cert.pem",
            PrivateKeyFile = "/etc/agent/key.pem",
        });

        using var s3 = new AmazonS3Client(credentials, RegionEndpoint.EUWest1);

        using var logs = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = AwsRegion.Resolve(),
            Credentials = credentials, // null: the standard AWS chain
        });

        await logs.SendAsync(AwsRequest.Json11("Logs_20140328.CreateLogGroup", json => json.WriteString("logGroupName", "fleet")));

        using var http = new HttpClient(new SigV4Handler(credentials, "eu-west-1", "execute-api") { InnerHandler = new SocketsHttpHandler() });
    }

    public static async Task OwnRetries()
    {
        using var logs = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "eu-west-1",
            Retry = AwsRetryOptions.None, // the pipeline retries
            Transport = new PipelineHandler(PipelineHandler.Pipeline(TimeProvider.System)) { InnerHandler = AwsHttpHandler.Create() },
        });
        await logs.SendAsync(AwsRequest.Json11("Logs_20140328.DescribeLogGroups", "{}"u8.ToArray()));
    }
}
