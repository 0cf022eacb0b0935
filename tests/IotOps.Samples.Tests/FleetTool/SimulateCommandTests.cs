using System.Text.Json;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Files_come_out_that_the_other_commands_read()
    {
        string folder = _directory["fleet"];

        (int exit, string output, _) = await FleetProcess.RunAsync("", "simulate", "--out", folder, "--start", "2026-01-01", "--for", "6h", "--devices", "30", "--json");

        exit.ShouldBe(0);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..^1].Select(line => JsonElement.Parse(line).GetProperty("fault").GetString()).Order(StringComparer.Ordinal).ShouldBe(["Compromised", "Drift", "Flapping", "RegionalOutage"]);
        JsonElement.Parse(lines[^1]).GetProperty("telemetry.jsonl").GetInt64().ShouldBe(File.ReadLines(Path.Combine(folder, "telemetry.jsonl")).Count());
        JsonElement.DeepEquals(
            JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "faults.json"), TestContext.Current.CancellationToken)),
            JsonElement.Parse($"[{string.Join(',', lines[..^1])}]")).ShouldBeTrue();
        (await FleetProcess.RunAsync("", "lifecycle", Path.Combine(folder, "lifecycle.jsonl"))).Output.ShouldContain("FleetDrop");
        (await FleetProcess.RunAsync("", "timeline", Path.Combine(folder, "iot-logs.jsonl"))).Output.ShouldContain("surge");
        (await FleetProcess.RunAsync("", "query", "attributes.site:north", "--things", Path.Combine(folder, "things.json"))).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(10);
    }

    [Fact]
    public async Task Files_that_are_there_are_written_over_by_force_only()
    {
        await File.WriteAllTextAsync(_directory["faults.json"], "mine", TestContext.Current.CancellationToken);
        string[] arguments = ["simulate", "--out", _directory.Path, "--devices", "5", "--no-outage", "--for", "1h"];

        (int exit, _, string error) = await FleetProcess.RunAsync("", arguments);

        exit.ShouldBe(2);
        error.ShouldStartWith($"FleetTool: {_directory["faults.json"]} is there already; --force writes over it");
        (await File.ReadAllTextAsync(_directory["faults.json"], TestContext.Current.CancellationToken)).ShouldBe("mine");
        (await FleetProcess.RunAsync("", [.. arguments, "--force"])).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_before_anything_else()
    {
        (int exit, _, string error) = await FleetProcess.RunAsync("", "simulate", "--broker", "127.0.0.1:1");

        exit.ShouldBe(1);
        error.ShouldStartWith("FleetTool: cannot reach the broker at 127.0.0.1:1: ");
    }

    [Theory]
    [InlineData("one of --out and --broker is needed")]
    [InlineData("one of --out and --broker is needed", "--out", "x", "--broker", "y")]
    [InlineData("The fleet cannot be simulated: an outage needs 10 devices in each of 3 regions, so 30 devices.", "--out", "x", "--devices", "29")]
    [InlineData("--broker is a host and a port such as 127.0.0.1:1883, not 'x'", "--broker", "x")]
    [InlineData("--speed is a number above 0, up to 100000, not '0'", "--broker", "127.0.0.1:1", "--speed", "0")]
    public async Task A_wrong_command_line_is_told(string message, params string[] args)
    {
        (int exit, _, string error) = await FleetProcess.RunAsync("", ["simulate", .. args]);

        exit.ShouldBe(2);
        error.ShouldStartWith($"FleetTool: {message}");
    }
}
