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
}
