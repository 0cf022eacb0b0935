using System.Text.Json;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Slack;

public sealed class DeploymentTests(InteropPeers peers)
{
    [Theory]
    [InlineData("template.yaml")]
    [InlineData("cross-account.yaml")]
    public async Task AWS_own_linter_finds_nothing(string template)
    {
        string output = await PeerCommand.RunAsync(peers.Require("cfn-lint").Program, [Path.Combine(SourceTree.Root, "deploy", "slack-export", template)]);

        output.ShouldBeEmpty();
    }

    // Without either of the two, a function URL answers 403 to everybody (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
    [Fact]
    public async Task The_functions_URL_may_be_called_by_both_of_the_rights_that_Lambda_asks_for_and_the_rule_calls_it_for_failed_jobs()
    {
        string transformed = await PeerCommand.RunAsync(
            peers.Require("sam").Program,
            [Path.Combine(AppContext.BaseDirectory, "Slack", "sam_transform.py"), Path.Combine(SourceTree.Root, "deploy", "slack-export", "template.yaml")]);

        using JsonDocument document = JsonDocument.Parse(transformed);
        JsonElement[] resources = [.. document.RootElement.GetProperty("Resources").EnumerateObject().Select(static r => r.Value)];
        resources
            .Where(static r => r.GetProperty("Type").GetString() == "AWS::Lambda::Permission")
            .Select(static r => r.GetProperty("Properties"))
            .Select(static p => $"{p.GetProperty("Principal").GetString()} {p.GetProperty("Action").GetString()}")
            .ShouldBe(["* lambda:InvokeFunctionUrl", "* lambda:InvokeFunction", "events.amazonaws.com lambda:InvokeFunction"], ignoreOrder: true);
        JsonElement rule = resources.Single(static r => r.GetProperty("Type").GetString() == "AWS::Events::Rule").GetProperty("Properties");
        rule.GetProperty("EventPattern").GetProperty("detail").GetProperty("status").ToString().ShouldBe("""["FAILED"]""");
        rule.GetProperty("EventPattern").GetProperty("detail").GetProperty("jobQueue")[0].GetProperty("Ref").GetString().ShouldBe("JobQueue");
    }
}
