using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Fleet;

/// <summary>FleetTool on a generated day, beside Python, moto and aws-cli.</summary>
public sealed class TrailTests(InteropPeers peers) : IDisposable
{
    private const string Folder = "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_day_is_counted_alike_by_Python_and_by_FleetTool_from_files_and_from_the_S3_of_moto()
    {
        Uri moto = await peers.MotoAsync();
        string day = await MakeDayAsync(megabytes: 9);
        using var s3 = new AmazonS3Client(new BasicAWSCredentials("test", "test"), new AmazonS3Config
        {
            ServiceURL = moto.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
        });
        await s3.PutBucketAsync("fleet-trail");
        foreach (string file in Directory.GetFiles(day))
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = "fleet-trail", Key = Folder + Path.GetFileName(file), FilePath = file });
        }

        JsonElement python = JsonElement.Parse(await PeerCommand.RunAsync(peers.Require("python3").Program, [Script("count_cloudtrail.py"), day]));
        JsonElement files = await FleetToolAsync(moto, "trail", day, "--count", "--json");
        JsonElement bucket = await FleetToolAsync(moto, "trail", "--bucket", "fleet-trail", "--since", "2026-01-01", "--until", "2026-01-02", "--count", "--json");

        foreach (JsonElement counted in new[] { files, bucket })
        {
            counted.GetProperty("found").GetInt32().ShouldBe(python.GetProperty("found").GetInt32());
            JsonElement.DeepEquals(counted.GetProperty("events"), python.GetProperty("events")).ShouldBeTrue();
            counted.GetProperty("files").GetInt32().ShouldBe(3);
            counted.GetProperty("duplicates").GetInt32().ShouldBeGreaterThan(0);
            counted.GetProperty("problems").GetInt32().ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_is_done_to_a_trail_is_found_also_where_aws_cli_does_not_see_it()
    {
        peers.Require("aws-cli");
        string day = await MakeDayAsync(megabytes: 9);

        string table = await PeerCommand.RunAsync(peers.Require("rsa").Program, [Script("time_fleet_trail.py"), $"dotnet {Tool}", day, "1", "found"]);

        table.ShouldBe("""
            | done to the trail | aws-cli | FleetTool digest |
            |---|---|---|
            | nothing | valid | valid |
            | a log file changed | 2/3 log files valid, 1/3 log files INVALID | log-modified |
            | a log file gone | 2/3 log files valid, 1/3 log files INVALID | log-missing |
            | a log file cut off by 20 bytes | 2/3 log files valid, 1/3 log files INVALID | log-modified |
            | a log file cut off by its checksum | valid | log-modified |
            | a log file compressed anew | valid | valid |
            | bytes behind a log file | valid | trailing-garbage |
            | a second gzip member behind a log file | valid | extra-gzip-member |
            | a log file added | valid | unlisted-log |
            | a digest gone | 23/24 digest files valid, 1/24 digest files INVALID | digest-missing |
            | two digests gone | 22/23 digest files valid, 1/23 digest files INVALID | digest-missing, digest-missing |
            | the newest digest gone | valid | newest-digest-missing |
            | bytes behind a digest | valid | trailing-garbage |
            | a digest copied over another | 23/24 digest files valid, 1/24 digest files INVALID | digest-moved |

            """.ReplaceLineEndings("\n"));
    }

    private static string Tool => Path.Combine(SourceTree.Root, "artifacts", "bin", "FleetTool", "release", "FleetTool.dll");

    private static string Script(string name) => Path.Combine(SourceTree.Root, "benchmarks", "peers", name);

    private async Task<string> MakeDayAsync(int megabytes)
    {
        string day = _directory["day"];
        await PeerCommand.RunAsync(peers.Require("python3").Program, [Script("make_cloudtrail_day.py"), day, $"{megabytes}"]);
        return day;
    }

    private static async Task<JsonElement> FleetToolAsync(Uri endpoint, params string[] arguments) => JsonElement.Parse(await PeerCommand.RunAsync("dotnet", [Tool, .. arguments], new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_REGION"] = "us-east-1",
    }));
}
