using IotOps.Mqtt;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Mqtt/README.md.</summary>
internal static class MqttReadme
{
    public static async Task Telemetry()
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "a1b2c3d4e5-ats.iot.eu-west-1.amazonaws.com",
            ClientId = "THING00001",
            Tls = new MqttTlsOptions { CertificateFile = "device.pem", PrivateKeyFile = "device.key" },
            Will = new MqttWill { Topic = "devices/THING00001/offline" },
        });
        await connection.ConnectAsync();
        await connection.PublishAsync("devices/THING00001/telemetry", """{"temperature":21.5}"""u8.ToArray());
    }

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

    public static async Task Direct(MqttConnection connection)
    {
        await using IMqttSubscription direct = connection.Listen("devices/THING00001/direct/+");
        await foreach (MqttReceivedMessage message in direct.Messages.ReadAllAsync())
        {
            using (message) // the sender who asked for a confirmation gets it now
            {
                Console.WriteLine($"{message.Payload.Length} bytes on {message.Topic}");
            }
        }
    }

    public static async Task Patient(IMqttConnection connection, CancellationToken stop)
    {
        await foreach (MqttReceivedMessage message in connection.ReceiveAsync(["devices/THING00001/commands/+"], cancellationToken: stop))
        {
            using (message)
            {
                Console.WriteLine($"{message.Payload.Length} bytes on {message.Topic}");
            }
        }
    }
}
