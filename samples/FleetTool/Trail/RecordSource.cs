using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>Where the records of a command come from, and which of them are wanted.</summary>
internal sealed class RecordSource : IDisposable
{
    private readonly CommandArguments _arguments;
    private readonly FleetClients? _clients;
    private readonly EventHistory? _history;

    public RecordSource(CommandArguments arguments, TimeProvider clock)
    {
        _arguments = arguments;
        int sources = (arguments.Has("PATH") ? 1 : 0) + (arguments.Has("--bucket") ? 1 : 0) + (arguments.Has("--history") ? 1 : 0);
        if (sources != 1)
        {
            throw new UsageException("give one of PATH, --bucket and --history");
        }

        Query = new TrailQuery
        {
            Since = TrailTime.Read(arguments, "--since", clock),
            Until = TrailTime.Read(arguments, "--until", clock),
            Who = arguments["--who"],
            What = arguments["--what"],
            On = arguments["--on"],
            WritesOnly = arguments.Has("--writes"),
            ErrorsOnly = arguments.Has("--errors"),
        };
        _clients = arguments.Has("PATH") ? null : new FleetClients(arguments["--aws-region"]);
        _history = arguments.Has("--history") ? new EventHistory(_clients!.CloudTrail) : null;
    }

    /// <summary>The options that choose records.</summary>
    public static IReadOnlyList<CommandOption> Options { get; } =
    [
        new("PATH", null, "A log file of CloudTrail, or a directory of them."),
        new("--bucket", "NAME", "The trail's bucket; needs --since."),
        new("--prefix", "PREFIX", "What comes before AWSLogs/ in its keys."),
        new("--region", "REGIONS", "Only these regions of the trail, comma between them."),
        new("--account", "IDS", "Only these accounts of the trail, comma between them."),
        new("--history", null, "The account's event history instead: 90 days, management events only."),
        new("--since", "TIME", "From there on: 2026-01-31T14:00:00Z, 2026-01-31, or 2h for two hours ago."),
        new("--until", "TIME", "Up to there; now unless given."),
        new("--who", "TEXT", "The caller: ARN, user, role, session, access key, account or service. * and ? are wildcards."),
        new("--what", "APIS", "UpdateCertificate, iot:Update*, greengrass:*; comma between them."),
        new("--on", "TEXT", "On what: an ARN or the name of a thing, certificate, component, bucket ..."),
        new("--writes", null, "Only what changed something, or tried to."),
        new("--errors", null, "Only what failed."),
        FleetClients.RegionOption,
    ];

    public TrailQuery Query { get; }

    /// <summary>The wanted records; each can be used until the next one is asked for.</summary>
    public IAsyncEnumerable<CloudTrailRecord> FindAsync(CloudTrailReader reader, CancellationToken cancellationToken)
    {
        if (_arguments["PATH"] is { } path)
        {
            return Matching(reader.ReadFilesAsync([path], cancellationToken));
        }

        if (_history is not null)
        {
            return _history.FindAsync(Query, cancellationToken);
        }

        var search = new TrailSearch(new TrailSearchOptions
        {
            Objects = new S3TrailObjects(_clients!.S3),
            Bucket = _arguments["--bucket"]!,
            Prefix = _arguments["--prefix"] ?? "",
            Regions = Words("--region"),
            Accounts = Words("--account"),
        });
        return search.FindAsync(Query, reader, cancellationToken: cancellationToken);
    }

    public void Dispose()
    {
        _history?.Dispose();
        _clients?.Dispose();
    }

    private async IAsyncEnumerable<CloudTrailRecord> Matching(IAsyncEnumerable<CloudTrailRecord> records)
    {
        await foreach (CloudTrailRecord record in records)
        {
            if (Query.Matches(record))
            {
                yield return record;
            }
        }
    }

    private string[] Words(string name) => _arguments[name]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
