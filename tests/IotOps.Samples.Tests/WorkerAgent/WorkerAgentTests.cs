using System.Diagnostics;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.WorkerAgent;

/// <summary>The program that README.md begins with, as it stands, with its settings from variables.</summary>
public sealed class WorkerAgentTests : IAsyncLifetime
{
    private static readonly string Program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "WorkerAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "WorkerAgent.dll"));

    private readonly TempDirectory _directory = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_ships_its_files_and_messages_follows_its_shadow_and_reports()
    {
        await File.WriteAllTextAsync(_directory["app.log"], "pump started\n", Cancelled);
        using Process agent = Start();
        await _aws.Mqtt.WaitForSubscriptionAsync("THING00001", "$aws/things/THING00001/shadow/update/delta", Cancelled);
        _aws.Shadows.Update("THING00001", """{"state":{"desired":{"speed":3}}}""");
        await _aws.Mqtt.Received.WaitForAsync("$aws/things/THING00001/shadow/update", cancellationToken: Cancelled);
        await _aws.Mqtt.Received.WaitForAsync("$aws/things/THING00001/defender/metrics/json", cancellationToken: Cancelled);
        string output = await StopAsync(agent);

        agent.ExitCode.ShouldBe(0, output);
        _aws.Shadows.Find("THING00001").ShouldNotBeNull().ShouldContain("""
            "reported":{"speed":3}
            """.Trim());
        _aws.Logs.Events("devices", "THING00001/app").Select(entry => entry.Message).ShouldBe(["pump started"]);
        _aws.Logs.Events("devices", "THING00001/agent").ShouldContain(entry => entry.Message.Contains("Set to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistyped_key_ends_it_with_the_right_one()
    {
        using Process agent = Start(("Logs__FlushIntervall", "5s"));
        string errors = await agent.StandardError.ReadToEndAsync(Cancelled);
        await agent.WaitForExitAsync(Cancelled);

        agent.ExitCode.ShouldNotBe(0);
        errors.ShouldContain("Logs:FlushIntervall: there is no such key; did you mean 'FlushInterval'?");
    }

    // A supervisor restarts what has failed, and takes 0 for success.
    [Fact]
    public async Task A_broker_that_no_retry_mends_ends_it_with_1()
    {
        using Process agent = Start(("Mqtt__Tls", ""), ("Mqtt__Tls__CertificateFile", ""), ("Mqtt__Tls__PrivateKeyFile", ""));
        string output = await agent.StandardOutput.ReadToEndAsync(Cancelled);
        await agent.WaitForExitAsync(Cancelled);

        agent.ExitCode.ShouldBe(1, output);
        output.ShouldContain("TLS");
    }

    private static async Task<string> StopAsync(Process agent)
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{agent.Id}"]))
        {
            await kill.WaitForExitAsync(Cancelled);
        }

        string output = await agent.StandardOutput.ReadToEndAsync(Cancelled) + await agent.StandardError.ReadToEndAsync(Cancelled);
        await agent.WaitForExitAsync(Cancelled);
        return output;
    }

    private Process Start(params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            WorkingDirectory = Path.GetDirectoryName(Program)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        (string Name, string Value)[] settings =
        [
            ("AWS_ENDPOINT_URL", _aws.Endpoint.ToString()), ("AWS_ACCESS_KEY_ID", _aws.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", _aws.SecretAccessKey),
            ("Logs__Region", "us-east-1"), ("Logs__StateDirectory", _directory["logs"]), ("Logs__Files__0__Path", _directory["*.log"]), ("Logs__FlushInterval", "50ms"),
            ("Mqtt__Host", "127.0.0.1"), ("Mqtt__Port", $"{_aws.Mqtt.Port}"), ("Mqtt__Tls", "false"),
            ("Shadow__StateDirectory", _directory["shadow"]), ("Defender__Jitter", "0"),
        ];
        foreach ((string name, string value) in settings.Concat(more))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
