using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>
/// AWS clients by the standard variables (<c>AWS_REGION</c>, <c>AWS_PROFILE</c>, <c>AWS_ENDPOINT_URL</c> ...), made when they are asked for: a command that
/// asks for none needs no region.
/// </summary>
internal sealed class FleetClients(string? region) : IDisposable
{
    private static readonly AwsService DynamoDb = new("dynamodb", "dynamodb", "DYNAMODB");

    private readonly Dictionary<AwsService, AwsClient> _clients = [];
    private string? _region;
    private AmazonS3Client? _s3;
    private AmazonSQSClient? _sqs;
    private AmazonDynamoDBClient? _dynamo;

    public static CommandOption RegionOption { get; } = new("--aws-region", "REGION", "Region of the calls; AWS_REGION or the profile's unless given.");

    /// <exception cref="UsageException">No region is configured.</exception>
    public string Region => _region ??= Resolve(region);

    public AmazonS3Client S3 => _s3 ??= new AmazonS3Client(AwsCredentialChain.Default(), For(new AmazonS3Config { ForcePathStyle = AwsEndpoint.Configured(AwsService.S3) is not null }, AwsService.S3));

    public AmazonSQSClient Sqs => _sqs ??= new AmazonSQSClient(AwsCredentialChain.Default(), For(new AmazonSQSConfig(), EventQueueReader.Service));

    public AmazonDynamoDBClient Dynamo => _dynamo ??= new AmazonDynamoDBClient(AwsCredentialChain.Default(), For(new AmazonDynamoDBConfig(), DynamoDb));

    public AwsClient CloudTrail => Of(AwsService.CloudTrail);

    public AwsClient Iot => Of(AwsService.Iot);

    public AwsClient IotData => Of(AwsService.IotData);

    /// <summary>The one client of a service.</summary>
    public AwsClient Of(AwsService service)
    {
        if (!_clients.TryGetValue(service, out AwsClient? client))
        {
            client = _clients[service] = new AwsClient(new AwsClientOptions { Service = service, Region = Region });
        }

        return client;
    }

    public void Dispose()
    {
        _dynamo?.Dispose();
        _sqs?.Dispose();
        _s3?.Dispose();
        foreach (AwsClient client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private T For<T>(T config, AwsService service)
        where T : ClientConfig
    {
        config.HttpClientFactory = new AwsHttpClientFactory();
        if (AwsEndpoint.Configured(service) is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }

        return config;
    }

    private static string Resolve(string? region)
    {
        try
        {
            return AwsRegion.Resolve(region);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
