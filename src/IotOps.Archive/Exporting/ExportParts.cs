using IotOps.Archive.Fetching;
using IotOps.Archive.Uploading;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Exporting;

/// <summary>What the runs of one exporter share.</summary>
internal sealed class ExportParts
{
    public ExportParts(LogExporterOptions options, Func<double> random)
    {
        Options = options;
        Logger = options.LoggerFactory.CreateLogger<LogExporter>();
        var retries = new Retries(options.Retry, options.TimeProvider, Logger, random);
        Source = new BucketClient(options.S3, options.Bucket, retries);
        Output = new BucketClient(options.S3, options.OutputBucket ?? options.Bucket, retries);
        Fetcher = new ObjectFetcher(options.Reader ?? new AmazonS3ObjectReader(options.S3), retries, options.DownloadTimeout, options.TimeProvider);
        Store = options.Store ?? new S3ExportStore(Output, options.Output);
        SpoolDirectory = options.SpoolDirectory ?? Path.GetTempPath();
    }

    public LogExporterOptions Options { get; }

    public ILogger Logger { get; }

    public BucketClient Source { get; }

    public BucketClient Output { get; }

    public ObjectFetcher Fetcher { get; }

    public IExportStore Store { get; }

    public string SpoolDirectory { get; }
}
