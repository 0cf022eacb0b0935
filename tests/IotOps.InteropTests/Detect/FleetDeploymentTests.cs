using System.Text.Json;
using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;

namespace IotOps.InteropTests.Detect;

/// <summary>deploy/fleet, read by AWS's own tools.</summary>
public sealed class FleetDeploymentTests(InteropPeers peers)
{
    [Theory]
    [InlineData("template.yaml")]
    [InlineData("router.yaml")]
    [InlineData("detect.yaml")]
    [InlineData("console.yaml")]
    public async Task The_linter_finds_nothing(string template)
    {
        string output = await PeerCommand.RunAsync(peers.Require("cfn-lint").Program, [Path.Combine(SourceTree.Root, "deploy", "fleet", template)]);

        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_router_reads_the_queue_and_reports_messages_that_failed_one_by_one()
    {
        string transformed = await PeerCommand.RunAsync(
            peers.Require("sam").Program,
            [Path.Combine(AppContext.BaseDirectory, "Slack", "sam_transform.py"), Path.Combine(SourceTree.Root, "deploy", "fleet", "router.yaml")]);

        using JsonDocument document = JsonDocument.Parse(transformed);
        JsonElement mapping = document.RootElement.GetProperty("Resources").EnumerateObject().Select(static r => r.Value)
            .Single(static r => r.GetProperty("Type").GetString() == "AWS::Lambda::EventSourceMapping").GetProperty("Properties");
        mapping.GetProperty("EventSourceArn").GetProperty("Ref").GetString().ShouldBe("EventQueueArn");
        mapping.GetProperty("FunctionResponseTypes").ToString().ShouldBe("""["ReportBatchItemFailures"]""");
    }

    // Debian has the program; where it is not, the shell itself reads the script.
    [Fact]
    public async Task The_verification_script_is_well_formed_and_refuses_to_begin_by_itself()
    {
        string script = Path.Combine(SourceTree.Root, "deploy", "verify.sh");
        (await PeerCommand.TryRunAsync("bash", ["-n", script])).ExitCode.ShouldBe(0);
        PeerResult shellcheck = await PeerCommand.TryRunAsync("shellcheck", [script]);
        (shellcheck.ExitCode is 0 or -1).ShouldBeTrue(shellcheck.Output);

        foreach (string[] arguments in new string[][] { [], ["--yes-this-costs-money"], ["--account", "123456789012"], ["--yes-this-costs-money", "--account", "12"], ["--unknown"] })
        {
            PeerResult refused = await PeerCommand.TryRunAsync("bash", [script, .. arguments]);
            refused.ExitCode.ShouldBe(2, string.Join(' ', arguments));
            refused.Error.ShouldContain("--yes-this-costs-money");
        }
    }
}
