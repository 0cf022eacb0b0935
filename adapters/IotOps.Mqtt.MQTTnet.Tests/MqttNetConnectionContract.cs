using IotOps.Emulator;
using IotOps.Mqtt.Tests.Contract;
using MQTTnet;

namespace IotOps.Mqtt.Tests;

/// <summary>The contract, kept by the connection over an MQTTnet client.</summary>
public sealed class MqttNetConnectionContract : ConnectionContract
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    /// <inheritdoc/>
    protected override async Task<IMqttConnection> ConnectAsync(AwsEmulator emulator)
    {
        var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId), TestClients.Quick() with
        {
            Limits = MqttLimits.AwsIotCore with { MinConnectInterval = TimeSpan.Zero },
        });
        await connection.ConnectAsync();
        return connection;
    }
}
