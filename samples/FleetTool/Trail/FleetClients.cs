using Amazon;
using Amazon.S3;
using IotOps.Aws;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>AWS clients by the standard variables (<c>AWS_REGION</c>, <c>AWS_PROFILE</c>, <c>AWS_ENDPOINT_URL</c> ...), made when they are asked for.</summary>
internal sealed class FleetClients(string? region) : IDisposable
{
    private AmazonS3Client? _s3;
    private AwsClient? _cloudTrail;
    private AwsClient? _iot;
    private AwsClient? _iotData;

    public static CommandOption RegionOption { get; } = new("--aws-region", "REGION", "Region of the calls; AWS_REGION or the profile's unless given.");

    public string Region { get; } = Resolve(region);

    public AmazonS3Client S3 => _s3 ??= MakeS3();

    public AwsClient CloudTrail => _cloudTrail ??= new AwsClient(new AwsClientOptions { Service = AwsService.CloudTrail, Region = Region });

    public AwsClient Iot => _iot ??= new AwsClient(new AwsClientOptions { Service = AwsService.Iot, Region = Region });

    public AwsClient IotData => _iotData ??= new AwsClient(new AwsClientOptions { Service = AwsService.IotData, Region = Region });

    public void Dispose()
    {
        _iotData?.Dispose();
        _iot?.Dispose();
        _s3?.Dispose();
        _cloudTrail?.Dispose();
    }

    private AmazonS3Client MakeS3()
    {
        var config = new AmazonS3Config { HttpClientFactory = new AwsHttpClientFactory() };
        if (AwsEndpoint.Configured(AwsService.S3) is not { } endpoint)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = Region;
            config.ForcePathStyle = true;
        }

        return new AmazonS3Client(AwsCredentialChain.Default(), config);
    }

    /// <summary>The region that a client of another service is made for.</summary>
    public static string RegionOf(string? region) => Resolve(region);

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
