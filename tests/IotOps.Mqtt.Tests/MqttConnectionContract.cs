using IotOps.Emulator;
using IotOps.Mqtt.Tests.Contract;

namespace IotOps.Mqtt.Tests;

/// <summary>The contract, kept by the built-in connection over TCP in MQTT 5.</summary>
public class MqttConnectionContract : ConnectionContract
{
    /// <summary>The connection under test, but for how it reaches the broker.</summary>
    protected static MqttConnectionOptions Options { get; } = new()
    {
        ClientId = ClientId,
        Host = "localhost",
        Tls = null,
        MinReconnectDelay = TimeSpan.FromMilliseconds(20),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        Limits = MqttLimits.AwsIotCore with { MinConnectInterval = TimeSpan.Zero },
    };

    /// <inheritdoc/>
    protected override async Task<IMqttConnection> ConnectAsync(AwsEmulator emulator) => await ConnectedAsync(Options with { Port = emulator.Mqtt.Port });

    /// <summary>Connects.</summary>
    protected static async Task<IMqttConnection> ConnectedAsync(MqttConnectionOptions options)
    {
        var connection = new MqttConnection(options);
        await connection.ConnectAsync();
        return connection;
    }
}
