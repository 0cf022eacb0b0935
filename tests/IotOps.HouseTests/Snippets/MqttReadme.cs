using IotOps.Mqtt;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Mqtt/README.md.</summary>
internal static class MqttReadme
{
    public static async Task Echo(IMqttConnection connection)
    {
        await using IMqttSubscription commands = await connection.SubscribeAsync(["devices/THING00001/commands/+"]);
        await foreach (MqttReceivedMessage message in commands.Messages.ReadAllAsync())
        {
            using (message) // disposing acknowledges it
            {
                await connection.PublishAsync("devices/THING00001/echo", message.Payload);
            }
        }
    }
}
