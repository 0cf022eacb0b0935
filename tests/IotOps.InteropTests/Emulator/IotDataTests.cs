using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Emulator;

public sealed class IotDataTests(InteropPeers peers)
{
    [Fact]
    public async Task Boto3_reads_the_shadows_and_their_errors_as_those_of_AWS()
    {
        Peer boto3 = peers.Require("boto3");
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "boto3_iot_data.py");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script], EmulatorPeer.Environment(emulator)))!;

        ((int)seen["updated"]!["version"]!, (string?)seen["updated"]!["clientToken"]).ShouldBe((1, "c"));
        seen["got"]!["state"]!.ToJsonString().ShouldBe("""{"desired":{"led":true},"delta":{"led":true}}""");
        seen["names"]!.ToJsonString().ShouldBe("""["one","three"]""");
        ((int)seen["deleted"]!["version"]!).ShouldBe(1);
        seen["notFound"]!.ToJsonString().ShouldBe("""["ResourceNotFoundException",404]""");
        seen["conflict"]!.ToJsonString().ShouldBe("""["ConflictException",409]""");
        seen["invalid"]!.ToJsonString().ShouldBe("""["InvalidRequestException",400]""");
        seen["tooLarge"]!.ToJsonString().ShouldBe("""["RequestEntityTooLargeException",413]""");
        seen["retained"]!.ToJsonString().ShouldBe("""["a/b c","hello",1]""");
        seen["retainedTopics"]!.ToJsonString().ShouldBe("""["a/b c"]""");
        seen["noRetained"]!.ToJsonString().ShouldBe("""["ResourceNotFoundException",404]""");
        seen["noConnection"]!.ToJsonString().ShouldBe("""["ResourceNotFoundException",404]""");
        emulator.Shadows.Names("a:b").ShouldContain(name => name == "$package");
        ReceivedMessage published = emulator.Mqtt.Received.ShouldHaveSingleItem();
        (published.Topic, published.Text, published.QoS, published.Retain).ShouldBe(("a/b c", "hello", 1, true));
    }

    [Fact]
    public async Task Aws_cli_updates_gets_lists_and_deletes()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        string file = directory["out.json"];
        string[] named = ["--thing-name", "t", "--shadow-name", "n"];

        await AwsAsync(emulator, ["update-thing-shadow", .. named, "--payload", """{"state":{"reported":{"a":1}}}""", file]);
        ((int)JsonNode.Parse(await File.ReadAllTextAsync(file))!["version"]!).ShouldBe(1);
        await AwsAsync(emulator, ["get-thing-shadow", .. named, file]);
        JsonNode.Parse(await File.ReadAllTextAsync(file))!["state"]!.ToJsonString().ShouldBe("""{"reported":{"a":1}}""");
        JsonNode list = JsonNode.Parse(await AwsAsync(emulator, ["list-named-shadows-for-thing", "--thing-name", "t", "--output", "json"]))!;
        list["results"]!.ToJsonString().ShouldBe("""["n"]""");
        await AwsAsync(emulator, ["delete-thing-shadow", .. named, file]);
        emulator.Shadows.Find("t", "n").ShouldBeNull();

        await AwsAsync(emulator, ["publish", "--topic", "a/b", "--qos", "1", "--payload", "hi"]);
        emulator.Mqtt.Received.ShouldHaveSingleItem().Text.ShouldBe("hi");
    }

    private Task<string> AwsAsync(AwsEmulator emulator, string[] arguments) =>
        PeerCommand.RunAsync(peers.Require("aws-cli").Program, ["iot-data", .. arguments], EmulatorPeer.Environment(emulator));
}
