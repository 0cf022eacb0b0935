using System.Text.Json;
using IotOps.InteropTests.Peers;
using IotOps.InteropTests.Slack;

namespace IotOps.InteropTests.Detect;

/// <summary>FleetTool beside moto: its queues and topics, and what the program needs to reach them.</summary>
internal sealed class MotoStage(InteropPeers peers)
{
    /// <summary>The program.</summary>
    public static string Tool => Path.Combine(SourceTree.Root, "artifacts", "bin", "FleetTool", "release", "FleetTool.dll");

    /// <summary>Runs FleetTool.</summary>
    public async Task<PeerResult> RunAsync(params string[] arguments) => await PeerCommand.TryRunAsync("dotnet", [Tool, .. arguments], await EnvironmentAsync());

    /// <summary>Makes queues and topics, and looks at them, by boto3.</summary>
    public async Task<JsonElement> BotoAsync(params string[] arguments) => JsonElement.Parse(await PeerCommand.RunAsync(
        peers.Require("boto3").Program, [Path.Combine(AppContext.BaseDirectory, "Detect", "moto_queues.py"), .. arguments], await EnvironmentAsync()));

    /// <summary>How many messages a queue has, hidden ones included.</summary>
    public async Task<int> LeftAsync(string queue) => (await BotoAsync("left", queue)).GetProperty("count").GetInt32();

    /// <summary>The next notification of a topic: behind the confirmation of the subscription.</summary>
    public static async Task<JsonElement> NotificationAsync(HttpReceiver receiver, CancellationToken cancellationToken)
    {
        JsonElement notification = JsonElement.Parse(await receiver.NextAsync(cancellationToken));
        while (notification.GetProperty("Type").GetString() != "Notification")
        {
            notification = JsonElement.Parse(await receiver.NextAsync(cancellationToken));
        }

        return JsonElement.Parse(notification.GetProperty("Message").GetString()!);
    }

    public async Task<Dictionary<string, string>> EnvironmentAsync() => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = (await peers.MotoAsync()).ToString(),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
    };
}
