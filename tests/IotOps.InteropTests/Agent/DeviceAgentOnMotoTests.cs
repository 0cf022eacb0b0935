using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>The device agent, unchanged, against AWS as moto understands it: told by the environment alone.</summary>
public sealed class DeviceAgentOnMotoTests(InteropPeers peers) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Log_files_arrive_line_by_line()
    {
        Uri moto = await peers.MotoAsync();
        string boto3 = peers.Require("boto3").Program;
        string[] lines = [.. Enumerable.Range(0, 2000).Select(i => i.ToString("D5", CultureInfo.InvariantCulture) + " \"quoted\" \\ é 😀")];
        await File.WriteAllLinesAsync(_directory["app.log"], lines);
        await File.WriteAllTextAsync(
            _directory["agent.json5"],
            "{ state: 'state', logs: { retentionDays: 30, files: [ { path: 'app.log', group: 'moto-group', stream: 'moto-stream' } ] } }");

        await AgentAsync(moto, "run", "--config", _directory["agent.json5"], "--until-idle", "500ms");

        string read = await PeerCommand.RunAsync(boto3, ["-c", ReadBack, moto.ToString()], Environment(moto));
        read.TrimEnd('\n').Split('\n').ShouldBe([.. lines, "retention 30"]);
    }

    [Fact]
    public async Task A_file_of_several_parts_arrives_whole()
    {
        Uri moto = await peers.MotoAsync();
        byte[] content = new byte[70 << 20];
        new Random(20231001).NextBytes(content);
        await File.WriteAllBytesAsync(_directory["file.data"], content);
        using var s3 = new AmazonS3Client(new BasicAWSCredentials("test", "test"), new AmazonS3Config
        {
            ServiceURL = moto.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
        });
        await s3.PutBucketAsync("agent-put");

        await AgentAsync(moto, "put", "--bucket", "agent-put", "--key", "a folder/file.dat", "--file", _directory["file.data"]);

        using GetObjectResponse stored = await s3.GetObjectAsync("agent-put", "a folder/file.dat");
        using var read = new MemoryStream();
        await stored.ResponseStream.CopyToAsync(read);
        read.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
        stored.ETag.Trim('"').ShouldEndWith("-5");
    }

    private const string ReadBack = """
        import sys, boto3
        logs = boto3.client('logs', endpoint_url=sys.argv[1])
        token = None
        while True:
            page = logs.get_log_events(logGroupName='moto-group', logStreamName='moto-stream', startFromHead=True, **({'nextToken': token} if token else {}))
            for event in page['events']:
                print(event['message'])
            if page['nextForwardToken'] == token:
                break
            token = page['nextForwardToken']
        print('retention', logs.describe_log_groups(logGroupNamePrefix='moto-group')['logGroups'][0]['retentionInDays'])
        """;

    private static Task<string> AgentAsync(Uri moto, params string[] arguments) =>
        PeerCommand.RunAsync("dotnet", [AgentPath, .. arguments], Environment(moto));

    // The build puts every project's output beside this one's: artifacts/bin/PROJECT/CONFIGURATION[_FRAMEWORK].
    private static string AgentPath => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));

    private static Dictionary<string, string> Environment(Uri moto) => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = moto.ToString().TrimEnd('/'),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["PYTHONIOENCODING"] = "utf-8",
    };
}
