using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class ShadowsOnMosquittoTests(InteropPeers peers)
{
    [Fact]
    public async Task An_update_by_mosquitto_pub_to_mosquitto_is_accepted_and_has_a_delta()
    {
        Peer subscriber = peers.Require("mosquitto-clients");
        int port = await peers.MosquittoAsync();
        string thing = $"thing-{Guid.NewGuid():N}";
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using AttachedShadows attached = await emulator.Shadows.AttachAsync("127.0.0.1", port);

        // The session is there before the update is sent, and keeps what comes of it.
        string prefix = $"$aws/things/{thing}/shadow";
        string[] session =
        [
            "-h", "127.0.0.1", "-p", port.ToString(), "-i", thing, "-c", "-q", "1", "-v", "-t", $"{prefix}/update/accepted", "-t", $"{prefix}/update/delta",
        ];
        await PeerCommand.RunAsync(subscriber.Program, [.. session, "-E"]);

        await PeerCommand.RunAsync(
            "mosquitto_pub",
            ["-h", "127.0.0.1", "-p", port.ToString(), "-q", "1", "-t", $"{prefix}/update", "-m", """{"state":{"desired":{"led":true},"reported":{"led":false}},"clientToken":"c"}"""]);
        string heard = await PeerCommand.RunAsync(subscriber.Program, [.. session, "-C", "2", "-W", "20"]);

        var messages = heard.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[0][(prefix.Length + 1)..], parts => JsonNode.Parse(parts[1])!, StringComparer.Ordinal);
        ((int)messages["update/accepted"]["version"]!, (string?)messages["update/accepted"]["clientToken"]).ShouldBe((1, "c"));
        messages["update/delta"]["state"]!.ToJsonString().ShouldBe("""{"led":true}""");
    }
}
