using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>deploy/systemd, as systemd itself reads it.</summary>
public sealed class SystemdUnitTests(InteropPeers peers) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_unit_is_right_in_every_line()
    {
        PeerResult verified = await PeerCommand.TryRunAsync(peers.Require("systemd-analyze").Program, ["verify", await UnitAsync()]);

        verified.ExitCode.ShouldBe(0, verified.Error);
        verified.Error.ShouldNotContain("iotops-agent.service");
    }

    [Fact]
    public async Task The_unit_exposes_little()
    {
        // From 0, nothing, to 10; the threshold is in tenths. Root without any of its lines has 9.6.
        PeerResult rated = await PeerCommand.TryRunAsync(
            peers.Require("systemd-analyze").Program, ["security", "--offline=true", "--threshold=20", await UnitAsync()]);

        rated.ExitCode.ShouldBe(0, rated.Output);
    }

    // What it starts is not on this machine.
    private async Task<string> UnitAsync()
    {
        string unit = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "deploy", "systemd", "iotops-agent.service"));
        unit.ShouldContain("ExecStart=/usr/local/bin/DeviceAgent run");
        await File.WriteAllTextAsync(_directory["iotops-agent.service"], unit.Replace("/usr/local/bin/DeviceAgent", "/bin/true", StringComparison.Ordinal));
        return _directory["iotops-agent.service"];
    }
}
