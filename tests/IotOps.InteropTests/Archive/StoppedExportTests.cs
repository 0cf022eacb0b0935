using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Emulator;
using IotOps.InteropTests.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;

namespace IotOps.InteropTests.Archive;

/// <summary>SIGTERM, as AWS Batch sends it 30 s before it kills, to the real <c>generate-ziplog</c> in the middle of an export.</summary>
public sealed class StoppedExportTests : IAsyncLifetime
{
    private const string Bucket = "stopped";
    private const int Objects = 20;

    // What AWS Batch leaves, less a little.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(25);

    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _emulator.S3.CreateBucket(Bucket);
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            new AmazonS3Config { ServiceURL = _emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        byte[] random = new byte[1_200_000];
        for (int i = 0; i < Objects; i++)
        {
            new Random(i).NextBytes(random);
            byte[] line = Encoding.ASCII.GetBytes(Convert.ToBase64String(random) + "\n");
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = $"commands/THING00001/2023/10/01/{i:D2}", InputStream = new MemoryStream(line) });
        }
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task An_export_without_an_id_is_gone_in_time_with_all_that_it_uploaded()
    {
        (int exitCode, string said) = await StopInTheMiddleAsync([]);

        exitCode.ShouldBe(1, said);
        said.ShouldEndWith("LogExport: stopped; nothing was stored\n");
        _emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
        _emulator.S3.Keys(Bucket).Count.ShouldBe(Objects);
    }

    [Fact]
    public async Task An_export_with_an_id_keeps_its_parts_and_goes_on()
    {
        (int exitCode, string said) = await StopInTheMiddleAsync(["--request", "job-1"]);

        exitCode.ShouldBe(1, said);
        said.ShouldEndWith("LogExport: stopped; --resume job-1 goes on\n");
        _emulator.S3.UploadsUnderWay(Bucket).ShouldBe(1);
        PeerResult resumed = await PeerCommand.TryRunAsync("dotnet", [LogExportProcess.Dll, "generate-ziplog", "--config", Config, "--resume", "job-1", "--json"], Environment());
        resumed.ExitCode.ShouldBe(0, resumed.Error);
        using var json = JsonDocument.Parse(resumed.Output.TrimEnd('\n').Split('\n')[^1]);
        json.RootElement.GetProperty("records").GetInt64().ShouldBe(Objects);
        _emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
    }

    // The last object does not come; when all others are in the zip and a part of it is with S3, the signal is sent.
    private async Task<(int ExitCode, string Said)> StopInTheMiddleAsync(string[] request)
    {
        using FaultHandle silence = _emulator.Faults.Add(new Fault
        {
            Operation = "GetObject",
            When = r => r.Key!.EndsWith($"/{Objects - 1}", StringComparison.Ordinal),
            Delay = TimeSpan.FromMinutes(10),
        });
        string[] arguments = ["generate-ziplog", "--config", Config, "--identifier", "THING00001", "--category", "command", "--date", "2023/10/01", .. request];
        var start = new ProcessStartInfo("dotnet", [LogExportProcess.Dll, .. arguments]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in Environment())
        {
            start.Environment[name] = value;
        }

        using var export = Process.Start(start)!;
        var said = new StringBuilder();
        string? line;
        while ((line = await export.StandardError.ReadLineAsync()) is not null && !line.StartsWith('9'))
        {
            said.Append(line).Append('\n');
        }

        said.Append(line).Append('\n');
        using (Process kill = Process.Start("kill", ["-TERM", $"{export.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await export.WaitForExitAsync().WaitAsync(MostTime, TimeProvider.System);
        said.Append(await export.StandardError.ReadToEndAsync());
        return (export.ExitCode, said.ToString());
    }

    private static string Config => Path.Combine(Path.GetDirectoryName(LogExportProcess.Dll)!, "export.json5");

    // Each processor compresses two blocks ahead of the upload: of very many no part would be due before the signal.
    private Dictionary<string, string> Environment() =>
        new(EmulatorPeer.Environment(_emulator), StringComparer.Ordinal) { ["LOGEXPORT_BUCKET"] = Bucket, ["DOTNET_PROCESSOR_COUNT"] = "2" };
}
