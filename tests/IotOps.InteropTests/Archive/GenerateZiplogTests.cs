using System.IO.Compression;
using System.Text;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.InteropTests.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Archive;

/// <summary>The real <c>generate-ziplog</c>, told by the environment alone where AWS is, over objects that aws-cli made.</summary>
public sealed class GenerateZiplogTests(InteropPeers peers) : IDisposable
{
    private const string Mine = """{"thingName":"THING00001","timestamp":1696150800000,"text":"é 😀"}""";
    private const string Other = """{"thingName":"THING00002","timestamp":1696150800000}""";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_day_on_moto_becomes_a_zip_that_unzip_and_python_read() => await OnAsync(MotoEnvironment(await peers.MotoAsync()), "ziplog-moto");

    [Fact]
    public async Task A_day_on_the_emulator_becomes_a_zip_that_unzip_and_python_read()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await OnAsync(EmulatorPeer.Environment(emulator), "ziplog-emulator");
    }

    [Fact]
    public async Task Shards_run_as_processes_on_moto_make_one_zip()
    {
        string aws = peers.Require("aws-cli").Program;
        Dictionary<string, string> environment = With(MotoEnvironment(await peers.MotoAsync()), "ziplog-shards");
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => $"line {i:D2}")];
        for (int i = 0; i < lines.Length; i++)
        {
            Write($"in/commands/THING00001/2023/10/01/{i:D2}", lines[i]);
        }

        await PeerCommand.RunAsync(aws, ["s3", "mb", "s3://ziplog-shards"], environment);
        await PeerCommand.RunAsync(aws, ["s3", "cp", "--recursive", "--quiet", _directory["in"], "s3://ziplog-shards/"], environment);

        PeerResult plan = await RunAsync(environment, "--plan", "3", "--request", "s1", "--identifier", "THING00001", "--category", "command", "--date", "20231001", "--json");
        plan.ExitCode.ShouldBe(0, plan.Error);
        LastLine(plan).ShouldStartWith("""{"id":"s1","shards":3,"objects":40,""");
        PeerResult early = await RunAsync(environment, "--finish", "s1");
        early.ExitCode.ShouldBe(1);
        early.Error.ShouldContain("is not done");
        PeerResult[] shards = await Task.WhenAll(
            RunAsync(environment, "--request", "s1", "--shard", "2/3"),
            RunAsync(environment, "--request", "s1", "--shard", "0/3"),
            RunAsync(new(environment, StringComparer.Ordinal) { ["AWS_BATCH_JOB_ARRAY_INDEX"] = "1" }, "--request", "s1", "--shard", "array/3"));
        shards.ShouldAllBe(s => s.ExitCode == 0);
        PeerResult finish = await RunAsync(environment, "--finish", "s1", "--json");

        finish.ExitCode.ShouldBe(0, finish.Error);
        using var json = JsonDocument.Parse(LastLine(finish));
        json.RootElement.GetProperty("records").GetInt64().ShouldBe(40);
        string zip = _directory["out.zip"];
        using (var http = new HttpClient())
        {
            await File.WriteAllBytesAsync(zip, await http.GetByteArrayAsync(json.RootElement.GetProperty("url").GetString()));
        }

        (await PeerCommand.RunAsync(peers.Require("boto3").Program, ["-c", ReadBack, zip], environment))
            .ShouldBe("command_20231001.log\n" + string.Concat(lines.Select(l => l + "\n")));
    }

    [Fact]
    public async Task An_empty_day_says_so_and_succeeds()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket("empty");
        Dictionary<string, string> environment = With(EmulatorPeer.Environment(emulator), "empty");

        PeerResult result = await RunAsync(environment, "--identifier", "THING00001", "--category", "telemetry", "--date", "2023-10-01", "--json");

        result.ExitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(LastLine(result));
        json.RootElement.GetProperty("url").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("message").GetString()!.ShouldContain("no object lies in its folders");
        emulator.S3.Keys("empty").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("is no identifier", "--identifier", "../etc", "--category", "telemetry", "--date", "2023/10/01")]
    [InlineData("there are telemetry", "--identifier", "T", "--category", "telemetri", "--date", "2023/10/01")]
    [InlineData("--date must be a day", "--identifier", "T", "--category", "telemetry", "--date", "2023/13/01")]
    [InlineData("--identifier is missing", "--category", "telemetry", "--date", "2023/10/01")]
    [InlineData("no environment 'test'", "--identifier", "T", "--category", "telemetry", "--date", "2023/10/01", "--environment", "test")]
    public async Task What_cannot_be_served_ends_with_2_and_one_line(string message, params string[] arguments)
    {
        PeerResult result = await RunAsync(With(MotoEnvironment(new Uri("http://127.0.0.1:9")), "none"), arguments);

        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(message);
    }

    private async Task OnAsync(Dictionary<string, string> environment, string bucket)
    {
        string aws = peers.Require("aws-cli").Program;
        Write("in/telemetry/2023/10/01/08/one", $"{Mine}\n{Other}\n");
        WriteGzip("in/telemetry/2023/10/01/09/two.gz", Mine + Other + Mine);
        Write("in/telemetry/2023/10/02/00/late", Mine);
        Write("in/commands/THING00001/2023/10/01/a", "reboot");
        WriteGzip("in/commands/THING00001/2023/10/01/b.gz", "update\nstop\n");
        Write("in/commands/THING00001/2023/10/02/a", "next day\n");
        await PeerCommand.RunAsync(aws, ["s3", "mb", $"s3://{bucket}"], environment);
        await PeerCommand.RunAsync(aws, ["s3", "cp", "--recursive", "--quiet", _directory["in"], $"s3://{bucket}/"], environment);

        PeerResult result = await RunAsync(
            With(environment, bucket), "--identifier", "THING00001", "--category", "telemetry,commands", "--date", "2023/10/01..2023/10/02", "--request", "job-1", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldContain("100 %");
        using var json = JsonDocument.Parse(LastLine(result));
        json.RootElement.GetProperty("key").GetString()!.ShouldMatch(@"^slack/iot-logs/\d{14}-[0-9a-f]{8}/20231001-20231002_THING00001\.zip$");
        json.RootElement.GetProperty("records").GetInt64().ShouldBe(8);
        string zip = _directory["out.zip"];
        using (var http = new HttpClient())
        {
            await File.WriteAllBytesAsync(zip, await http.GetByteArrayAsync(json.RootElement.GetProperty("url").GetString()));
        }

        new FileInfo(zip).Length.ShouldBe(json.RootElement.GetProperty("bytes").GetInt64());
        (await PeerCommand.RunAsync(peers.Require("unzip").Program, ["-t", zip])).ShouldContain("No errors detected");
        string read = await PeerCommand.RunAsync(peers.Require("boto3").Program, ["-c", ReadBack, zip], environment);
        read.ShouldBe(
            $"telemetry_20231001.log\n{Mine}\n{Mine}\n{Mine}\n{Mine}\n" +
            "command_20231001.log\nreboot\nupdate\nstop\n" +
            "command_20231002.log\nnext day\n");
    }

    // Python's own reader, which looks at the central directory and checks every CRC.
    private const string ReadBack = """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1]) as z:
            for name in z.namelist():
                if name != 'manifest.json':
                    print(name)
                    print(z.read(name).decode(), end='')
        """;

    private static Task<PeerResult> RunAsync(Dictionary<string, string> environment, params string[] arguments) =>
        PeerCommand.TryRunAsync("dotnet", [Path.Combine(HostDirectory, "LogExport.dll"), "generate-ziplog", "--config", Path.Combine(HostDirectory, "export.json5"), .. arguments], environment);

    // The build puts every project's output beside this one's.
    private static string HostDirectory => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "LogExport", new DirectoryInfo(AppContext.BaseDirectory).Name));

    private static Dictionary<string, string> With(Dictionary<string, string> environment, string bucket) =>
        new(environment, StringComparer.Ordinal) { ["LOGEXPORT_BUCKET"] = bucket };

    private static Dictionary<string, string> MotoEnvironment(Uri moto) => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = moto.ToString().TrimEnd('/'),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["PYTHONIOENCODING"] = "utf-8",
    };

    private static string LastLine(PeerResult result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
        File.WriteAllText(_directory[path], content);
    }

    private void WriteGzip(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
        using var gzip = new GZipStream(File.Create(_directory[path]), CompressionLevel.Optimal);
        gzip.Write(Encoding.UTF8.GetBytes(content));
    }
}
