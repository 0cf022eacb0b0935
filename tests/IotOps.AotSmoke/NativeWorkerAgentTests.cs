using System.Diagnostics;
using System.Runtime.InteropServices;
using IotOps.Emulator;

namespace IotOps.AotSmoke;

/// <summary>An application on the Generic Host that reads its configuration, published by NativeAOT: no warning, and every key arrives.</summary>
public sealed class NativeWorkerAgentTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("iotops-worker-").FullName;
    private AwsEmulator _aws = null!;
    private string _program = "";
    private string _published = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        using Process publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", "samples/WorkerAgent", "-r", rid, "-c", "Release", "--nologo"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        _published = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, _published);
        _program = Path.Combine(Repository.Root, "artifacts", "publish", "WorkerAgent", $"release_{rid}", "WorkerAgent");
    }

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_native_host_reads_its_configuration_and_works()
    {
        _published.ShouldNotContain("warning");
        await File.WriteAllTextAsync(Path.Combine(_directory, "app.log"), "pump started\n", Cancelled);
        using Process agent = Start();
        await _aws.Mqtt.WaitForSubscriptionAsync("THING00001", "$aws/things/THING00001/shadow/update/delta", Cancelled);
        _aws.Shadows.Update("THING00001", """{"state":{"desired":{"speed":3}}}""");
        await _aws.Mqtt.Received.WaitForAsync("$aws/things/THING00001/shadow/update", cancellationToken: Cancelled);
        using (Process kill = Process.Start("kill", ["-TERM", $"{agent.Id}"]))
        {
            await kill.WaitForExitAsync(Cancelled);
        }

        string output = await agent.StandardOutput.ReadToEndAsync(Cancelled);
        await agent.WaitForExitAsync(Cancelled);
        agent.ExitCode.ShouldBe(0, output);
        _aws.Logs.Events("devices", "THING00001/app").Select(entry => entry.Message).ShouldBe(["pump started"]);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(_program) { WorkingDirectory = Path.GetDirectoryName(_program)!, RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in ((string Name, string Value)[])
            [
                ("AWS_ENDPOINT_URL", _aws.Endpoint.ToString()), ("AWS_ACCESS_KEY_ID", _aws.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", _aws.SecretAccessKey),
                ("Logs__Region", "us-east-1"), ("Logs__StateDirectory", Path.Combine(_directory, "logs")), ("Logs__Files__0__Path", Path.Combine(_directory, "*.log")),
                ("Mqtt__Host", "127.0.0.1"), ("Mqtt__Port", $"{_aws.Mqtt.Port}"), ("Mqtt__Tls", "false"), ("Shadow__StateDirectory", Path.Combine(_directory, "shadow")),
            ])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
