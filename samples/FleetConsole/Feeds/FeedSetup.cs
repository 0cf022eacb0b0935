using System.Globalization;
using Amazon;
using Amazon.S3;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>The feeds that a command line asks for, with AWS clients by the standard variables (<c>AWS_REGION</c>, <c>AWS_ENDPOINT_URL</c> ...).</summary>
internal sealed class FeedSetup : IDisposable
{
    private readonly List<IDisposable> _clients = [];
    private readonly string? _region;

    private FeedSetup(string? region) => _region = region;

    /// <summary>The options that choose feeds.</summary>
    public static IReadOnlyList<CommandOption> Options { get; } =
    [
        new("--from", "DIR", "Files in and below this folder: IoT logs, lifecycle events, Defender's messages and reports, shadows, CloudTrail. It is watched for more."),
        new("--log-group", "NAME", "Errors of this log group of CloudWatch Logs, such as AWSIotLogsV2."),
        new("--trail-bucket", "NAME", "CloudTrail's records in this bucket, and what its digests say."),
        new("--trail-prefix", "PREFIX", "With --trail-bucket: what comes before AWSLogs/ in its keys."),
        new("--queue", "URL", "Lifecycle events and Defender's messages out of this SQS queue."),
        new("--audit-findings", null, "Findings of Device Defender's audits, from the service."),
        new("--broker", "HOST:PORT", "Lifecycle events, reports and shadows from this broker without TLS, such as EmulatorHost's."),
        new("--since", "TIME", "How far back the first run reads: 24h unless given."),
        new("--segments", "NAMES", "Attributes of things whose values are segments, comma between them; site,firmware unless given, 'groups' for thing groups."),
        new("--aws-region", "REGION", "Region of the calls; AWS_REGION or the profile's unless given."),
    ];

    /// <summary>The feeds.</summary>
    public IReadOnlyList<IFeed> Feeds { get; private set; } = [];

    /// <exception cref="UsageException">An option cannot be used.</exception>
    public static FeedSetup Make(CommandArguments arguments, IConsoleStore store, TimeProvider clock, ILoggerFactory loggers)
    {
        var setup = new FeedSetup(arguments["--aws-region"]);
        try
        {
            setup.Feeds = [.. setup.Make(arguments, store, clock.GetUtcNow() - (arguments.Duration("--since") ?? TimeSpan.FromDays(1)), clock, loggers)];
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private IEnumerable<IFeed> Make(CommandArguments arguments, IConsoleStore store, DateTimeOffset since, TimeProvider clock, ILoggerFactory loggers)
    {
        SegmentRules segments = Segments(arguments["--segments"]);
        yield return new ConnectivityWatch(store, segments, clock);
        if (arguments["--from"] is { } folder)
        {
            yield return Directory.Exists(folder) ? new FileFeed(folder, segments, clock) : throw new UsageException($"--from {folder} is no folder");
        }

        if (arguments["--log-group"] is { } group)
        {
            yield return new LogGroupFeed(Client(AwsService.CloudWatchLogs), group, since, clock);
        }

        if (arguments["--trail-bucket"] is { } bucket)
        {
            string region = Region();
            yield return new TrailFeed(
                new TrailSearchOptions { Objects = new S3TrailObjects(S3(region)), Bucket = bucket, Prefix = arguments["--trail-prefix"] ?? "", Regions = [region] },
                new CloudTrailPublicKeys(Client(AwsService.CloudTrail)), since, clock);
        }

        if (arguments["--queue"] is { } queue)
        {
            yield return Uri.TryCreate(queue, UriKind.Absolute, out _)
                ? new QueueFeed(Client(EventQueueReader.Service), queue, clock, loggers)
                : throw new UsageException($"--queue is the URL of a queue such as https://sqs.eu-west-1.amazonaws.com/123456789012/events, not '{queue}'");
        }

        if (arguments.Has("--audit-findings"))
        {
            yield return new FindingsFeed(Client(AwsService.Iot), clock);
        }

        if (arguments["--broker"] is { } broker)
        {
            int colon = broker.LastIndexOf(':');
            yield return colon > 0 && int.TryParse(broker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536
                ? new BrokerFeed(broker[..colon], port, clock)
                : throw new UsageException($"--broker is a host and a port such as 127.0.0.1:1883, not '{broker}'");
        }
    }

    private static SegmentRules Segments(string? names)
    {
        string[] all = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [.. SegmentRules.Default.Attributes];
        return all.FirstOrDefault(name => name.Contains(' ', StringComparison.Ordinal)) is { } bad
            ? throw new UsageException($"--segments are names of attributes, which have no blanks: '{bad}'")
            : new SegmentRules([.. all.Where(name => name != "groups")], all.Contains("groups", StringComparer.Ordinal));
    }

    private AwsClient Client(AwsService service)
    {
        var client = new AwsClient(new AwsClientOptions { Service = service, Region = Region() });
        _clients.Add(client);
        return client;
    }

    private AmazonS3Client S3(string region)
    {
        var config = new AmazonS3Config { HttpClientFactory = new AwsHttpClientFactory() };
        if (AwsEndpoint.Configured(AwsService.S3) is { } endpoint)
        {
            (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (endpoint.ToString(), region, true);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        var client = new AmazonS3Client(AwsCredentialChain.Default(), config);
        _clients.Add(client);
        return client;
    }

    private string Region()
    {
        try
        {
            return AwsRegion.Resolve(_region);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
