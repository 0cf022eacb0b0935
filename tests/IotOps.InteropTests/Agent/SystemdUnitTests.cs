using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>deploy/systemd, as systemd itself reads it.</summary>
public sealed class SystemdUnitTests(InteropPeers peers) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string> Units => new()
    {
        { "iotops-agent.service", "/usr/local/bin/DeviceAgent" },
        { "fleet-console.service", "/usr/local/lib/fleet-console/FleetConsole" },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public async Task The_unit_is_right_in_every_line(string unit, string program)
    {
        PeerResult verified = await PeerCommand.TryRunAsync(peers.Require("systemd-analyze").Program, ["verify", await UnitAsync(unit, program)]);

        verified.ExitCode.ShouldBe(0, verified.Error);
        verified.Error.ShouldNotContain(unit);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public async Task The_unit_exposes_little(string unit, string program)
    {
        // From 0, nothing, to 10; the threshold is in tenths. Root without any of its lines has 9.6.
        PeerResult rated = await PeerCommand.TryRunAsync(
            peers.Require("systemd-analyze").Program, ["security", "--offline=true", "--threshold=20", await UnitAsync(unit, program)]);

        rated.ExitCode.ShouldBe(0, rated.Output);
    }

    // What it starts is not on this machine.
    private async Task<string> UnitAsync(string name, string program)
    {
        string unit = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "deploy", "systemd", name));
        unit.ShouldContain($"ExecStart={program} ");
        await File.WriteAllTextAsync(_directory[name], unit.Replace(program, "/bin/true", StringComparison.Ordinal));
        return _directory[name];
    }
}
