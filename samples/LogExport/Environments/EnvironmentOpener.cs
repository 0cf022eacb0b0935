using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.LogExport.Requests;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Environments;

/// <summary>Makes the clients of an environment, and ends them all. Safe for concurrent use.</summary>
/// <param name="read">Reads the configuration of an environment; null is the one without a name.</param>
/// <param name="loggers">Where the clients log.</param>
internal sealed class EnvironmentOpener(Func<string?, ExportConfig> read, ILoggerFactory loggers) : IDisposable
{
    private readonly List<IDisposable> _opened = [];
    private readonly Lock _lock = new();

    /// <summary>Opens the environment of that name.</summary>
    /// <param name="name">A name of the configuration; null is the one without.</param>
    /// <param name="runLocally">Makes what runs exports in this process; null submits them to AWS Batch.</param>
    /// <exception cref="InvalidOperationException">There is no region, or AWS Batch's queue is missing.</exception>
    public ExportEnvironment Open(string? name, Func<RequestStore, Lazy<LogExporter>, IExportJobs>? runLocally)
    {
        ExportConfig config = read(name);
        if (runLocally is null)
        {
            CheckBatch(name, config);
        }

        // The S3 SDK takes longer to start than a cold function's answer may: links and exports alone need it.
        var exporter = new Lazy<LogExporter>(() => new LogExporter(Keep(new ExportClients(config)).Options(config, DeflateProfile.Balanced)));
        RequestStore requests = OpenRequests(config);
        return new ExportEnvironment(requests, runLocally?.Invoke(requests, exporter) ?? Batch(config), exporter);
    }

    /// <summary>The requests of an environment.</summary>
    public RequestStore OpenRequests(ExportConfig config) => new(OpenDocuments(config));

    /// <summary>The documents of an environment.</summary>
    public S3Documents OpenDocuments(ExportConfig config) => new(
        Keep(new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = AwsRegion.Resolve(config.Region),
            Credentials = ExportClients.CredentialsOf(config),
            Timeout = TimeSpan.FromSeconds(10),
            LoggerFactory = loggers,
        })),
        config.WithBucket().Bucket);

    /// <summary>Finds what is missing for <see cref="Open"/> to submit to AWS Batch, before a user does.</summary>
    /// <exception cref="InvalidOperationException">The queue or the definition is.</exception>
    public static void CheckBatch(string? name, ExportConfig config)
    {
        if (config.JobQueue is null || config.JobDefinition is null)
        {
            throw new InvalidOperationException(
                $"jobQueue or jobDefinition is missing in {(name is null ? "the configuration" : $"the environment '{name}' of the configuration")}; without AWS Batch use --runner local.");
        }
    }

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

    private BatchExportJobs Batch(ExportConfig config) => Keep(new BatchExportJobs(new BatchExportJobsOptions
    {
        Region = AwsRegion.Resolve(config.Region),
        JobQueue = config.JobQueue!,
        JobDefinition = config.JobDefinition!,
        Credentials = ExportClients.CredentialsOf(config),
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
