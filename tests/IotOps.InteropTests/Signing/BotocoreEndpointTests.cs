using System.Text.Json.Nodes;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.InteropTests.Signing;

public sealed class BotocoreEndpointTests : IDisposable
{
    private static readonly Dictionary<string, AwsService> Services = new(StringComparer.Ordinal)
    {
        ["logs"] = AwsService.CloudWatchLogs,
        ["s3"] = AwsService.S3,
        ["iot"] = AwsService.Iot,
        ["iot-data"] = AwsService.IotData,
        ["batch"] = AwsService.Batch,
        ["sts"] = AwsService.Sts,
        ["cloudtrail"] = AwsService.CloudTrail,
    };

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_service_has_the_host_that_botocore_calls_in_every_region_with_and_without_FIPS_and_dual_stack()
    {
        JsonArray theirs = await AskBotocoreAsync([]);

        theirs.Count.ShouldBeGreaterThan(1000);
        string[] different = [.. theirs.Select(row => row!.AsArray()).Select(Difference).OfType<string>()];
        different.ShouldBeEmpty();
    }

    [Fact]
    public async Task Random_variables_and_profiles_lead_to_where_botocore_calls()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        JsonObject[] cases = [.. Enumerable.Range(0, 60).Select(_ => Draw(random))];

        JsonArray theirs = await AskBotocoreAsync([.. cases.Select(c => c.DeepClone())]);

        for (int i = 0; i < cases.Length; i++)
        {
            Ours(cases[i]).ShouldBe(theirs[i]!.GetValue<string>(), $"seed {seed}, case {i}: {cases[i].ToJsonString()}");
        }
    }

    private static string? Difference(JsonArray row)
    {
        (string service, string region, bool fips, bool dualStack, string? theirs) =
            (row[0]!.GetValue<string>(), row[1]!.GetValue<string>(), row[2]!.GetValue<bool>(), row[3]!.GetValue<bool>(), row[4]?.GetValue<string>());

        string? ours;
        try
        {
            ours = AwsEndpoint.OfRegion(Services[service], region, fips, dualStack).OriginalString;
        }
        catch (ArgumentException)
        {
            ours = null;
        }

        return ours == theirs ? null : $"{service} {region} fips {fips} dual-stack {dualStack}: {ours} here, {theirs} there";
    }

    private static JsonObject Draw(Random random)
    {
        var environment = new JsonObject();
        void Maybe(string name, params string[] values)
        {
            if (random.Next(4) == 0)
            {
                environment[name] = values[random.Next(values.Length)];
            }
        }

        Maybe("AWS_USE_FIPS_ENDPOINT", "true", "TRUE", "false");
        Maybe("AWS_USE_DUALSTACK_ENDPOINT", "true", "false");
        Maybe("AWS_ENDPOINT_URL", "http://all.test:1/");
        Maybe("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://logs.test:1/");
        Maybe("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", "false");
        Maybe("AWS_PROFILE", "dev");
        return new JsonObject
        {
            ["environment"] = environment,
            ["config"] = $"""
                [default]
                {Keys(random, "default")}
                [profile dev]
                region = us-east-1
                {Keys(random, "dev")}
                [services some]
                s3 =
                  endpoint_url = http://s3.test:1/
                cloudwatch_logs =
                  endpoint_url = http://services.test:1/
                """,
            ["credentials"] = random.Next(3) == 0 ? $"[dev]\n{Keys(random, "credentials")}\n" : "",
        };
    }

    private static string Keys(Random random, string name)
    {
        string[] keys =
            [$"endpoint_url = http://{name}.test:1/", "services = some", "use_fips_endpoint = true", "use_dualstack_endpoint=True", "ignore_configured_endpoint_urls = true", "# a remark"];
        return string.Join('\n', keys.Where(_ => random.Next(4) == 0));
    }

    private string Ours(JsonObject drawn)
    {
        File.WriteAllText(_directory["config"], drawn["config"]!.GetValue<string>());
        File.WriteAllText(_directory["credentials"], drawn["credentials"]!.GetValue<string>());
        JsonObject environment = drawn["environment"]!.AsObject();
        return AwsEndpoint.Resolve(AwsService.CloudWatchLogs, "us-east-1", name => name switch
        {
            "AWS_CONFIG_FILE" => _directory["config"],
            "AWS_SHARED_CREDENTIALS_FILE" => _directory["credentials"],
            _ => environment[name]?.GetValue<string>(),
        }).AbsoluteUri;
    }

    private static async Task<JsonArray> AskBotocoreAsync(JsonArray cases)
    {
        string script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Signing", "botocore_endpoints.py"));
        return JsonNode.Parse(await PythonPeer.RunBotocoreAsync(script, cases.ToJsonString()))!.AsArray();
    }
}
