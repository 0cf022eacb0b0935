using System.Globalization;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Validates a trail's log files by its digests.</summary>
internal static class DigestCommand
{
    public static Command Command { get; } = new()
    {
        Name = "digest",
        Summary = "Prove by its digests that a trail's log files are those that CloudTrail delivered, or name each that is not.",
        Options =
        [
            new("--bucket", "NAME", "The trail's bucket."),
            new("--prefix", "PREFIX", "What comes before AWSLogs/ in its keys."),
            new("--region", "REGION", "The region whose digests are validated, and whose keys. That of the calls unless given."),
            new("--account", "IDS", "Only these accounts of the trail, comma between them."),
            new("--since", "TIME", "The range's beginning: 2026-01-31T14:00:00Z, 2026-01-31, or 24h for a day ago."),
            new("--until", "TIME", "Its end; now unless given."),
            FleetClients.RegionOption,
            new("--json", null, "Print the report as one JSON object."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: a bucket, its public key and a range; the objects that are not as they were delivered.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        var objects = new CaseObjects(oneCase.GetProperty("objects"u8));
        JsonElement key = oneCase.GetProperty("publicKey"u8);
        var keys = new TrailPublicKeyList([new TrailPublicKey(key.GetProperty("Fingerprint"u8).GetString()!, key.GetProperty("Value"u8).GetBytesFromBase64())]);
        DateTimeOffset since = Time(oneCase, "start"u8);
        DateTimeOffset until = Time(oneCase, "end"u8);
        string bucket = oneCase.GetProperty("bucket"u8).GetString()!;
        result.WriteStartArray();
        foreach (string prefix in objects.Prefixes)
        {
            var validator = new DigestValidator(new DigestValidatorOptions { Objects = objects, Bucket = bucket, Prefix = prefix, PublicKeys = keys });

            // Nothing of a case is waited for: its objects are in memory.
            foreach (DigestProblem problem in validator.ValidateAsync(since, until).GetAwaiter().GetResult().Problems)
            {
                result.WriteStartObject();
                result.WriteString("object"u8, problem.Key);
                result.WriteString("reason"u8, problem.Word);
                result.WriteEndObject();
            }
        }

        result.WriteEndArray();
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        string bucket = arguments["--bucket"] ?? throw new UsageException("give --bucket and --since, or --lines");
        DateTimeOffset since = TrailTime.Read(arguments, "--since", TimeProvider.System) ?? throw new UsageException("--since TIME is missing");
        DateTimeOffset until = TrailTime.Read(arguments, "--until", TimeProvider.System) ?? TimeProvider.System.GetUtcNow();
        using var signals = new ShutdownSignals();
        using var clients = new FleetClients(arguments["--aws-region"] ?? arguments["--region"]);

        // A trail of all regions has one bucket; each region signs with keys of its own.
        using var signers = new FleetClients(arguments["--region"] ?? arguments["--aws-region"]);
        var validator = new DigestValidator(new DigestValidatorOptions
        {
            Objects = new S3TrailObjects(clients.S3),
            Bucket = bucket,
            Prefix = arguments["--prefix"] ?? "",
            PublicKeys = new CloudTrailPublicKeys(signers.CloudTrail),
            Accounts = arguments["--account"]?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            Regions = [signers.Region],
        });
        try
        {
            DigestReport report = await validator.ValidateAsync(since, until, new DigestProgress(), signals.Requested);
            await PrintAsync(report, arguments.Has("--json"));
            return report.IsValid ? 0 : 1;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
        catch (Exception e) when (e is AwsException or IOException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("FleetTool: stopped");
            return 1;
        }
    }

    private static async Task PrintAsync(DigestReport report, bool isJson)
    {
        if (!isJson)
        {
            await DigestText.PrintAsync(report, Console.Out);
            return;
        }

        await using Stream output = Console.OpenStandardOutput();
        await using (var json = new Utf8JsonWriter(output))
        {
            DigestText.Write(json, report);
        }

        output.WriteByte((byte)'\n');
    }

    private static DateTimeOffset Time(JsonElement oneCase, ReadOnlySpan<byte> name) =>
        DateTimeOffset.Parse(oneCase.GetProperty(name).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
