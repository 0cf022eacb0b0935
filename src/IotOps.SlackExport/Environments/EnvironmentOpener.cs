using IotOps.Archive;
using IotOps.Aws;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Requests;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Environments;

/// <summary>Makes the clients of environments, and disposes them all. Safe for concurrent use.</summary>
internal sealed class EnvironmentOpener(SlackExportOptions options, PublicAddress address, ILoggerFactory loggers) : IDisposable
{
    // A browser follows a redirect at once.
    private static readonly TimeSpan Click = TimeSpan.FromMinutes(1);

    private readonly List<IDisposable> _opened = [];
    private readonly Lock _lock = new();

    /// <summary>Opens an environment.</summary>
    /// <param name="environment">Which one.</param>
    /// <param name="runInProcess">Makes what runs exports in this process; null submits them to AWS Batch.</param>
    /// <exception cref="InvalidOperationException">No AWS region is set.</exception>
    public OpenEnvironment Open(SlackExportEnvironment environment, Func<RequestStore, DownloadLinks, Lazy<LogExporter>, IExportJobs>? runInProcess)
    {
        // The S3 SDK takes longer to start than a cold function may take to answer; only links and exports need it.
        var exporting = new Lazy<LogExporterOptions>(() => Keep(new ExportClients(environment)).Options(environment, options, loggers));
        var exporter = new Lazy<LogExporter>(() => new LogExporter(exporting.Value));
        RequestStore requests = OpenRequests(environment);
        DownloadLinks links = OpenLinks(environment, requests);
        return new OpenEnvironment(
            requests,
            runInProcess?.Invoke(requests, links, exporter) ?? Batch(environment),
            links,
            exporter,
            new Lazy<LogExporter>(() => new LogExporter(exporting.Value with { LinkValidity = Click })),
            new Lazy<S3Documents>(() => OpenDocuments(environment with { Bucket = exporting.Value.OutputBucket ?? environment.Bucket })));
    }

    /// <summary>What the users of an environment get as links.</summary>
    public DownloadLinks OpenLinks(SlackExportEnvironment environment, RequestStore requests) =>
        new(requests, address, options.ValidityIn(environment), options.TimeProvider);

    /// <summary>The requests of an environment.</summary>
    public RequestStore OpenRequests(SlackExportEnvironment environment) => new(OpenDocuments(environment));

    /// <summary>The documents of an environment.</summary>
    public S3Documents OpenDocuments(SlackExportEnvironment environment) => new(
        Keep(new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = AwsRegion.Resolve(environment.Region),
            Credentials = environment.Credentials,
            Endpoint = environment.Endpoint,
            Transport = options.AwsTransport,
            Retry = options.AwsRetry,
            Timeout = TimeSpan.FromSeconds(10),
            TimeProvider = options.TimeProvider,
            LoggerFactory = loggers,
        })),
        environment.Bucket,
        options.TimeProvider);

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (IDisposable opened in Enumerable.Reverse(_opened))
            {
                opened.Dispose();
            }

            _opened.Clear();
        }
    }

    private BatchExportJobs Batch(SlackExportEnvironment environment) => Keep(new BatchExportJobs(new BatchExportJobsOptions
    {
        Region = AwsRegion.Resolve(environment.Region),
        JobQueue = environment.JobQueue!,
        JobDefinition = environment.JobDefinition!,
        Credentials = environment.Credentials,
        Endpoint = environment.Endpoint,
        Transport = options.AwsTransport,
        TimeProvider = options.TimeProvider,
        LoggerFactory = loggers,
    }));

    private T Keep<T>(T opened)
        where T : IDisposable
    {
        lock (_lock)
        {
            _opened.Add(opened);
        }

        return opened;
    }
}
