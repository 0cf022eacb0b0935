using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;
using IotOps.Aws;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Environments;

/// <summary>What an export calls S3 with, by the standard variables (<c>AWS_REGION</c>, <c>AWS_PROFILE</c>, <c>AWS_ENDPOINT_URL</c> ...).</summary>
internal sealed class ExportClients : IDisposable
{
    private readonly AmazonS3Client _s3;
    private readonly SignedObjectReader _reader;
    private readonly AWSCredentials _credentials;

    /// <exception cref="InvalidOperationException">No AWS region is set.</exception>
    public ExportClients(SlackExportEnvironment environment)
    {
        string region = AwsRegion.Resolve(environment.Region);
        _credentials = environment.Credentials ?? AwsCredentialChain.Default();
        Uri? endpoint = environment.Endpoint ?? AwsEndpoint.Configured(AwsService.S3);

        // The exporter retries by itself.
        var s3 = new AmazonS3Config { MaxErrorRetry = 0, HttpClientFactory = new AwsHttpClientFactory() };
        if (endpoint is null || endpoint == AwsEndpoint.OfRegion(AwsService.S3, region))
        {
            s3.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            s3.ServiceURL = endpoint.ToString();
            s3.AuthenticationRegion = region;
            s3.ForcePathStyle = true;
        }

        _s3 = new AmazonS3Client(_credentials, s3);
        _reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = region, Credentials = _credentials, Endpoint = endpoint });
    }

    public LogExporterOptions Options(SlackExportEnvironment environment, SlackExportOptions options, ILoggerFactory loggers)
    {
        var exporter = new LogExporterOptions
        {
            S3 = _s3,
            Reader = _reader,
            Credentials = _credentials,
            Bucket = environment.Bucket,
            Output = environment.Output,
            LinkValidity = options.ValidityIn(environment),
            Layout = options.Layout,
            LostObjects = LostObjectPolicy.Skip,
            TimeProvider = options.TimeProvider,
            LoggerFactory = loggers,
        };
        return environment.ConfigureExporter is { } configure ? configure(exporter) : exporter;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _s3.Dispose();
    }
}
