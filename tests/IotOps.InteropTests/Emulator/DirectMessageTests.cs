using System.Text.Json.Nodes;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class DirectMessageTests(InteropPeers peers)
{
    [Theory]
    [InlineData("5", """{"topic":"commands/reboot","payload":"now","qos":1,"contentType":"text/plain","userProperties":{"who":"me"}}""")]
    [InlineData("4", """{"topic":"commands/reboot","payload":"now","qos":1}""")]
    public async Task MQTT_js_receives_one_without_a_subscription_and_its_PUBACK_confirms_it(string version, string expected)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using AwsClient client = new(new AwsClientOptions
        {
            Service = AwsService.IotData,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
            Endpoint = emulator.Endpoint,
        });
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "mqttjs_listen.js");
        Task<string> device = PeerCommand.RunAsync(peers.Require("mqtt.js").Program, [script, emulator.Mqtt.Port.ToString(), "d", version]);
        await emulator.Mqtt.WaitForClientAsync("d");

        DirectMessageOutcome outcome = await new FleetConnections(client).SendAsync(new DirectMessage
        {
            ClientId = "d",
            Topic = "commands/reboot",
            Payload = "now"u8.ToArray(),
            ConfirmWithin = TimeSpan.FromSeconds(15),
            ContentType = "text/plain",
            UserProperties = [new("who", "me")],
        });

        outcome.ShouldBe(DirectMessageOutcome.Confirmed);
        JsonNode.Parse(await device)!.ToJsonString().ShouldBe(expected);
    }
}
