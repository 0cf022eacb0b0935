using IotOps.Emulator;
using IotOps.Mqtt.Tests.Contract;

namespace IotOps.Mqtt.Tests;

/// <summary>The contract, kept by the connection over an MQTTnet client.</summary>
public sealed class MqttNetConnectionContract : ConnectionContract
{
    private TeamClient? _team;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _team!.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task<IMqttConnection> ConnectAsync(AwsEmulator emulator)
    {
        _team = new TeamClient(emulator.Mqtt.Port, ClientId);
        var connection = new MqttNetConnection(_team.Client);
        await _team.ConnectAsync();
        return connection;
    }
}
