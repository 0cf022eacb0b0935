using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;
using IotOps.Aws;

namespace IotOps.Samples.LogExport;

/// <summary>The AWS clients of a run, by the standard variables (<c>AWS_REGION</c>, <c>AWS_PROFILE</c>, <c>AWS_ENDPOINT_URL</c> ...).</summary>
internal sealed class ExportClients : IDisposable
{
    private readonly AmazonS3Client _s3;
    private readonly SignedObjectReader _reader;
    private readonly AWSCredentials _credentials;

    public ExportClients(ExportConfig config)
    {
        Region = AwsRegion.Resolve(config.Region);
        _credentials = CredentialsOf(config);
        Uri endpoint = AwsEndpoint.Resolve(AwsService.S3, Region);
        bool isAws = endpoint == AwsEndpoint.OfRegion(AwsService.S3, Region);

        // The exporter tries again by itself.
        var s3 = new AmazonS3Config { MaxErrorRetry = 0 };
        if (isAws)
        {
            s3.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            s3.ServiceURL = endpoint.ToString();
            s3.AuthenticationRegion = Region;
            s3.ForcePathStyle = true;
        }

        _s3 = new AmazonS3Client(_credentials, s3);
        _reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = Region, Credentials = _credentials });
    }

    public string Region { get; }

    /// <summary>Who acts in the environment's account.</summary>
    public static AWSCredentials CredentialsOf(ExportConfig config)
    {
        AWSCredentials own = AwsCredentialChain.Default();
        return config.RoleArn is { } role
            ? new AssumeRoleAWSCredentials(own, role, "iotops-log-export", new AssumeRoleAWSCredentialsOptions { ExternalId = config.ExternalId })
            : own;
    }

    public LogExporterOptions Options(ExportConfig config, DeflateProfile profile) => new()
    {
        S3 = _s3,
        Reader = _reader,
        Credentials = _credentials,
        Bucket = config.Bucket,
        Output = config.Output,
        LinkValidity = config.LinkValidity,
        Layout = config.Layout,
        Profile = profile,
        LostObjects = LostObjectPolicy.Skip,
    };

    public void Dispose()
    {
        _reader.Dispose();
        _s3.Dispose();
    }
}
