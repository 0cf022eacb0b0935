using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class EvidenceCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Bundle => _directory["incident.zip"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_bundle_is_collected_from_files_and_verified_and_a_changed_byte_is_found()
    {
        Directory.CreateDirectory(_directory["logs/a"]);
        await File.WriteAllTextAsync(_directory["logs/a/iot.log"], "line\n", Token);
        await File.WriteAllTextAsync(_directory["trail.json"], """{"Records":[]}""", Token);

        (int exit, string output, string error) = await RunAsync("collect", Bundle, "--incident", "incident-7", "--logs", _directory["logs"], "--trail", _directory["trail.json"], "--json");
        exit.ShouldBe(0, error);
        JsonNode seal = JsonNode.Parse(output)!;
        ((int)seal["files"]!).ShouldBe(2);

        (exit, output, _) = await RunAsync("verify", Bundle, "--manifest-sha256", (string)seal["manifestSha256"]!);
        (exit, output.TrimEnd()).ShouldBe((0, $"{Bundle}: intact, 2 files of incident-7."));

        (exit, _, error) = await RunAsync("collect", Bundle, "--incident", "incident-7", "--logs", _directory["logs"]);
        (exit, error.Contains("evidence is not overwritten", StringComparison.Ordinal)).ShouldBe((1, true), error);

        byte[] bytes = await File.ReadAllBytesAsync(Bundle, Token);
        bytes[bytes.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(Bundle, bytes, Token);
        (exit, output, _) = await RunAsync("verify", Bundle, "--json");
        exit.ShouldBe(1);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.SkipLast(1).Select(line => (string?)JsonNode.Parse(line)!["problem"]).ShouldContain(problem => problem == "NotTheSealed");
        ((bool)JsonNode.Parse(lines[^1])!["intact"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_to_collect_is_refused_and_a_file_that_is_missing_leaves_no_bundle()
    {
        (int exit, _, string error) = await RunAsync("collect", Bundle, "--incident", "i");
        (exit, error.Contains("there is nothing to collect", StringComparison.Ordinal)).ShouldBe((2, true), error);

        (exit, _, error) = await RunAsync("collect", Bundle, "--incident", "i", "--logs", _directory["none.log"]);
        (exit, File.Exists(Bundle)).ShouldBe((1, false), error);
    }

    // The trail of a vector, as CloudTrail would have delivered it to a bucket.
    [Fact]
    public async Task A_trail_is_read_validated_by_its_digests_and_bundled_in_one_go_and_a_changed_file_is_told_in_the_bundle()
    {
        await using AwsEmulator emulator = await StartTrailAsync();

        (int exit, string output, string error) = await CollectAsync(emulator, Bundle);
        exit.ShouldBe(0, error);
        error.ShouldContain("valid; 3 digests, 2 log files");
        ((int)JsonNode.Parse(output)!["files"]!).ShouldBe(7);
        (await RunAsync("verify", Bundle)).Exit.ShouldBe(0);
        using (ZipArchive zip = ZipFile.OpenRead(Bundle))
        {
            zip.Entries.Count(entry => entry.FullName.Contains("/AWSLogs/", StringComparison.Ordinal)).ShouldBe(5);
            ((bool)Read(zip, "digest.json")["valid"]!).ShouldBeTrue();
            Read(zip, "metadata.json").AsObject().Count.ShouldBe(3);
        }

        string log = emulator.S3.Keys(TrailBucket).First(key => key.Contains("/CloudTrail/", StringComparison.Ordinal));
        await PutAsync(emulator, log, [1, 2, 3], []);
        (exit, _, error) = await CollectAsync(emulator, _directory["changed.zip"]);
        exit.ShouldBe(0, error);
        error.ShouldContain("NOT valid");
        using ZipArchive changed = ZipFile.OpenRead(_directory["changed.zip"]);
        ((string?)Read(changed, "digest.json")["problems"]![0]!["object"]).ShouldBe(log);
    }

    [Theory]
    [InlineData(2, "--since TIME is missing, which s3://b needs", "s3://b")]
    [InlineData(2, "a bucket is s3://BUCKET", "s3://", "--since", "1h")]
    [InlineData(2, "--until is not behind --since", "s3://b", "--since", "1h", "--until", "2h")]
    [InlineData(1, "s3://no-such/", "s3://no-such/p", "--since", "1h")]
    public async Task A_trail_that_cannot_be_read_is_explained_and_leaves_no_bundle(int code, string message, params string[] trail)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();

        (int exit, _, string error) = await FleetProcess.RunAsync(emulator, "", ["evidence", "collect", Bundle, "--incident", "i", "--trail", .. trail]);

        (exit, error.Contains(message, StringComparison.Ordinal)).ShouldBe((code, true), error);
        Directory.EnumerateFiles(_directory.Path).ShouldBeEmpty();
    }

    private const string TrailBucket = "example-trail-bucket";

    private static JsonNode Read(ZipArchive zip, string name)
    {
        using Stream content = zip.Entries.Single(entry => entry.FullName.EndsWith("/" + name, StringComparison.Ordinal)).Open();
        return JsonNode.Parse(content)!;
    }

    private static Task<(int Exit, string Output, string Error)> CollectAsync(AwsEmulator emulator, string bundle) => FleetProcess.RunAsync(
        emulator, "", "evidence", "collect", bundle, "--incident", "incident-7", "--trail", $"s3://{TrailBucket}", "--since", "2024-01-01T00:00:00Z", "--until", "2024-01-01T02:00:00Z", "--region", "us-west-2", "--aws-region", "us-east-1", "--json");

    private static async Task<AwsEmulator> StartTrailAsync()
    {
        JsonNode trail = JsonNode.Parse((await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "digests.jsonl"), Token))[0])!;
        AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var key = RSA.Create();
        key.ImportRSAPublicKey(Convert.FromBase64String((string)trail["publicKey"]!["Value"]!), out _);
        emulator.CloudTrail.AddPublicKey(key, DateTimeOffset.Parse("2023-01-01T00:00:00Z"), DateTimeOffset.Parse("2025-01-01T00:00:00Z"));
        emulator.S3.CreateBucket(TrailBucket);
        foreach ((string name, JsonNode? one) in trail["objects"]!.AsObject())
        {
            await PutAsync(emulator, name, Convert.FromBase64String((string)one!["b64"]!), one["metadata"]!.AsObject().ToDictionary(member => member.Key, member => (string)member.Value!, StringComparer.Ordinal));
        }

        return emulator;
    }

    private static async Task PutAsync(AwsEmulator emulator, string name, byte[] content, Dictionary<string, string> metadata)
    {
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
            new AmazonS3Config { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        var request = new PutObjectRequest { BucketName = TrailBucket, Key = name, InputStream = new MemoryStream(content) };
        foreach ((string member, string value) in metadata)
        {
            request.Metadata[member] = value;
        }

        await s3.PutObjectAsync(request, Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => FleetProcess.RunAsync("", ["evidence", .. arguments]);
}
