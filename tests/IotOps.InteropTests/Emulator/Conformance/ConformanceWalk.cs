using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator.Conformance;

/// <summary>walk.py, run once for all tests: the service models of the installed botocore, case by case, against an emulator.</summary>
public sealed class ConformanceWalk(InteropPeers peers)
{
    private Task<JsonNode>? _run;

    /// <summary>What the walk found: failures, operations with their members, operations that are not answered.</summary>
    public Task<JsonNode> RunAsync() => _run ??= StartAsync(peers.Require("boto3"));

    private static async Task<JsonNode> StartAsync(Peer boto3)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.Fleet.SetThing("""{"thingName":"walker","thingId":"w","attributes":{"site":"north"},"thingGroupNames":["walk-group"]}""");
        emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "walk-parent", Description = "above" });
        emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "walk-group", Parent = "walk-parent" });
        emulator.Fleet.AddAuditFinding(
            """{"findingId":"1","taskId":"walk-task","checkName":"LOGGING_DISABLED_CHECK","severity":"LOW","findingTime":1767225600,"taskStartTime":1767225600}""");
        emulator.CloudTrail.AddEvent(
            $$"""{"eventVersion":"1.11","eventID":"e","eventTime":"{{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}","eventName":"CreateThing","eventSource":"iot.amazonaws.com","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","userName":"walker","accessKeyId":"AKIDWALK"},"readOnly":false,"eventCategory":"Management"}""");
        using RSA key = RSA.Create(2_048);
        emulator.CloudTrail.AddPublicKey(key, now.AddDays(-1), now.AddDays(1));
        Dictionary<string, string> environment = EmulatorPeer.Environment(emulator);
        environment["IOTOPS_MQTT_PORT"] = emulator.Mqtt.Port.ToString();
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "Conformance", "walk.py");
        return JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script], environment))!;
    }
}
