using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Emulator;

public sealed class AwsCliTests(InteropPeers peers)
{
    [Fact]
    public async Task S3_cp_of_20_MB_ls_presign_and_rm()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        byte[] content = new byte[20 << 20];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(directory["up.bin"], content);

        await AwsAsync(emulator, "s3", "mb", "s3://bucket");
        emulator.S3.CreateBucket("abroad", "eu-central-1");
        await AwsAsync(emulator, "s3", "cp", directory["up.bin"], "s3://bucket/logs/big file.bin", "--no-progress");
        (await emulator.S3.FindAsync("bucket", "logs/big file.bin"))!.ETag.ShouldMatch("-[2-9]\"$", "20 MB go up in parts");
        await AwsAsync(emulator, "s3", "cp", "s3://bucket/logs/big file.bin", directory["down.bin"], "--no-progress");
        (await File.ReadAllBytesAsync(directory["down.bin"])).AsSpan().SequenceEqual(content).ShouldBeTrue();

        (await AwsAsync(emulator, "s3", "ls", "s3://bucket/logs/")).ShouldMatch(@"20971520 big file\.bin");
        using var http = new HttpClient();
        await AwsAsync(emulator, "s3", "cp", directory["up.bin"], "s3://abroad/logs/big file.bin", "--no-progress", "--region", "eu-central-1");
        string[] urls = await Task.WhenAll(
            AwsAsync(emulator, "s3", "presign", "s3://bucket/logs/big file.bin"),
            AwsAsync(emulator, "s3", "presign", "s3://abroad/logs/big file.bin", "--region", "eu-central-1"));
        urls[0].ShouldContain("AWSAccessKeyId=", Case.Sensitive, "signature version 2, this client's choice for us-east-1");
        urls[1].ShouldContain("X-Amz-Signature=");
        foreach (string url in urls)
        {
            (await http.GetByteArrayAsync(url.Trim())).AsSpan().SequenceEqual(content).ShouldBeTrue();
        }

        await AwsAsync(emulator, "s3", "rm", "s3://bucket", "--recursive");
        emulator.S3.Keys("bucket").ShouldBeEmpty();
    }

    [Fact]
    public async Task Thirty_uploads_to_a_bucket_that_is_not_there_fail_for_that_reason_each()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        for (int i = 0; i < 30; i++)
        {
            await File.WriteAllTextAsync(directory[$"{i}.txt"], "x");
        }

        PeerResult result = await PeerCommand.TryRunAsync(
            peers.Require("aws-cli").Program, ["s3", "cp", directory.Path, "s3://no-such-bucket/", "--recursive"], EmulatorPeer.Environment(emulator));

        result.ExitCode.ShouldBe(1);
        result.Error.Split('\n').Count(line => line.Contains("NoSuchBucket", StringComparison.Ordinal)).ShouldBe(30, result.Error);
    }

    [Fact]
    public async Task Logs_create_put_get_and_filter()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await AwsAsync(emulator, "logs", "create-log-group", "--log-group-name", "/fleet/device");
        await AwsAsync(emulator, "logs", "create-log-stream", "--log-group-name", "/fleet/device", "--log-stream-name", "thing");
        await AwsAsync(
            emulator, "logs", "put-log-events", "--log-group-name", "/fleet/device", "--log-stream-name", "thing", "--log-events", $"timestamp={now},message=disk-full", $"timestamp={now + 1},message=all-well");
        string[] answers = await Task.WhenAll(
            AwsAsync(emulator, "logs", "get-log-events", "--log-group-name", "/fleet/device", "--log-stream-name", "thing", "--output", "json"),
            AwsAsync(emulator, "logs", "filter-log-events", "--log-group-name", "/fleet/device", "--filter-pattern", "\"disk-full\"", "--output", "json"));

        Messages(answers[0]).ShouldBe(["disk-full", "all-well"]);
        Messages(answers[1]).ShouldBe(["disk-full"]);
    }

    private static IEnumerable<string?> Messages(string json) => JsonNode.Parse(json)!["events"]!.AsArray().Select(e => (string?)e!["message"]);

    private Task<string> AwsAsync(AwsEmulator emulator, params string[] arguments) =>
        PeerCommand.RunAsync(peers.Require("aws-cli").Program, arguments, EmulatorPeer.Environment(emulator));
}
