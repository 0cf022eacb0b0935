using System.Globalization;
using System.Text.Json;
using IotOps.Detect;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>A bucket's trail as evidence: its log files and digests of a time, as they were validated, and what the digests say about them.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="prefix">What comes before AWSLogs/ in its keys.</param>
/// <param name="since">The time's beginning.</param>
/// <param name="until">Its end.</param>
internal sealed class TrailEvidence(string bucket, string prefix, DateTimeOffset since, DateTimeOffset until)
{
    private const string Scheme = "s3://";

    // CloudTrail delivers an event within some minutes, and says so for two hours at most.
    private static readonly TimeSpan LateDelivery = TimeSpan.FromHours(2);

    public static CommandOption[] Options { get; } =
    [
        new("--since", "TIME", "With a bucket: the incident's beginning, 2026-01-31T14:00:00Z, 2026-01-31, or 24h for a day ago."),
        new("--until", "TIME", "Its end; now unless given."),
        new("--region", "REGION", "The region whose digests are validated; that of the calls unless given."),
        new("--account", "IDS", "Only these accounts of the trail, comma between them."),
    ];

    /// <summary>Whether a path names a bucket.</summary>
    public static bool IsBucket(string path) => path.StartsWith(Scheme, StringComparison.Ordinal);

    /// <exception cref="UsageException">The time is missing, or the bucket is none.</exception>
    public static TrailEvidence Of(string url, CommandArguments arguments)
    {
        string[] parts = url[Scheme.Length..].Split('/', 2);
        if (parts[0].Length == 0)
        {
            throw new UsageException($"a bucket is s3://BUCKET or s3://BUCKET/PREFIX, not '{url}'");
        }

        DateTimeOffset since = TrailTime.Read(arguments, "--since", TimeProvider.System) ?? throw new UsageException($"--since TIME is missing, which {url} needs");
        DateTimeOffset until = TrailTime.Read(arguments, "--until", TimeProvider.System) ?? TimeProvider.System.GetUtcNow();
        string prefix = parts.Length == 1 ? "" : parts[1].TrimEnd('/');
        return until > since ? new TrailEvidence(parts[0], prefix, since, until) : throw new UsageException("--until is not behind --since");
    }

    /// <summary>Validates the trail and adds what was read to a bundle.</summary>
    /// <returns>What the digests say, and how many files were added.</returns>
    /// <exception cref="Aws.AwsException">S3 or CloudTrail refused a call.</exception>
    public async Task<(DigestReport Report, int Files)> AddAsync(EvidenceBundleWriter writer, CommandArguments arguments, CancellationToken cancellationToken)
    {
        using var clients = new FleetClients(arguments["--aws-region"] ?? arguments["--region"]);

        // A trail of all regions has one bucket; each region signs with keys of its own.
        using var signers = new FleetClients(arguments["--region"] ?? arguments["--aws-region"]);
        await using var objects = new SpooledTrail(new S3TrailObjects(clients.S3));
        var validator = new DigestValidator(new DigestValidatorOptions
        {
            Objects = objects,
            Bucket = bucket,
            Prefix = prefix.Length == 0 ? "" : prefix + "/",
            PublicKeys = new CloudTrailPublicKeys(signers.CloudTrail),
            Accounts = arguments["--account"]?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            Regions = [signers.Region],
        });
        DigestReport report = await validator.ValidateAsync(since, until, new DigestProgress(), cancellationToken);

        // Those that no digest lists: the newest ones, whose digest is yet to come, and those that nobody knows.
        foreach (string key in objects.Listed.Where(IsOfTheTime).Concat(report.Problems.Select(problem => problem.Key)))
        {
            await using TrailObject? found = await objects.OpenAsync(bucket, key, cancellationToken);
        }

        IReadOnlyList<(string Key, string Path, IReadOnlyDictionary<string, string> Metadata)> read = await objects.ReadAsync();
        foreach ((string key, string path, _) in read)
        {
            await using FileStream content = File.OpenRead(path);
            await writer.AddAsync(EvidenceKind.Trail, $"{bucket}/{key}", content, cancellationToken);
        }

        await AddAsync(writer, "digest.json", json => DigestText.Write(json, report), cancellationToken);
        await AddAsync(writer, "metadata.json", json => WriteMetadata(json, read), cancellationToken);
        return (report, read.Count + 2);
    }

    // ..._CloudTrail_us-east-1_20260131T1405Z_....json.gz is written at that time; digests are read as the chain asks for them.
    private bool IsOfTheTime(string key)
    {
        string[] parts = key[(key.LastIndexOf('/') + 1)..].Split('_');
        return parts is [_, "CloudTrail", _, var written, ..]
            && DateTimeOffset.TryParseExact(written, "yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            && time >= since && time <= until + LateDelivery;
    }

    private async Task AddAsync(EvidenceBundleWriter writer, string name, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (var json = new Utf8JsonWriter(content))
        {
            write(json);
        }

        content.Position = 0;
        await writer.AddAsync(EvidenceKind.TrailVerdicts, $"{bucket}/{name}", content, cancellationToken);
    }

    // A digest's signature stands in its object's metadata alone: with it the chain can be validated again.
    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyList<(string Key, string Path, IReadOnlyDictionary<string, string> Metadata)> read)
    {
        json.WriteStartObject();
        foreach ((string key, _, IReadOnlyDictionary<string, string> metadata) in read.Where(one => one.Metadata.Count > 0))
        {
            json.WriteStartObject(key);
            foreach ((string name, string value) in metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
