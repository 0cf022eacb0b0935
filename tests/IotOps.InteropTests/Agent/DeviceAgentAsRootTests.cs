using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>The device agent as root beside a user who may make names in a directory that it tails, and nothing else.</summary>
public sealed class DeviceAgentAsRootTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root reads what others may not.");
        _emulator = await AwsEmulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task What_only_root_may_read_is_not_shipped_through_a_link_and_a_FIFO_holds_up_nothing()
    {
        UnixModes.Set(_directory.Path, "755");
        Directory.CreateDirectory(_directory["app"]);
        UnixModes.Own(_directory["app"], 65534);
        Directory.CreateDirectory(_directory["private"]);
        UnixModes.Set(_directory["private"], "700");
        await File.WriteAllTextAsync(_directory["private/secret.log"], "TOPSECRET\n");
        (await AsNobodyAsync("cat", _directory["private/secret.log"])).ExitCode.ShouldNotBe(0);
        (await AsNobodyAsync("ln", "-s", _directory["private/secret.log"], _directory["app/x.log"])).ExitCode.ShouldBe(0);
        (await AsNobodyAsync("ln", "-s", _directory["private"], _directory["app/deep"])).ExitCode.ShouldBe(0);
        (await AsNobodyAsync("mkfifo", _directory["app/fifo.log"])).ExitCode.ShouldBe(0);
        (await AsNobodyAsync("sh", "-c", $"echo own > {_directory["app/app-1.log"]}; ln -s app-1.log {_directory["app/current.log"]}")).ExitCode.ShouldBe(0);

        PeerResult run = await RunAsync();

        run.ExitCode.ShouldBe(0, run.Error);
        _emulator.Logs.Events("g", "s").Select(static e => e.Message).ShouldBe(["own"]);
        run.Error.ShouldContain("app/x.log is not read: the link x.log -> ");
        run.Error.ShouldContain("app/deep is not read: the link deep -> ");
    }

    private static Task<PeerResult> AsNobodyAsync(params string[] command) =>
        PeerCommand.TryRunAsync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. command]);

    private async Task<PeerResult> RunAsync()
    {
        await File.WriteAllTextAsync(
            _directory["agent.json5"],
            "{ state: 'state', logs: { files: [{ path: 'app/*.log', group: 'g', stream: 's' }, { path: 'app/*/*.log', group: 'g', stream: 's' }] } }");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = _emulator.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = _emulator.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = _emulator.SecretAccessKey,
            ["AWS_REGION"] = "us-east-1",
        };
        return await PeerCommand.TryRunAsync("dotnet", [AgentPath, "run", "--config", _directory["agent.json5"], "--until-idle", "500ms"], environment);
    }

    // The build puts every project's output beside this one's.
    private static string AgentPath => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));
}
