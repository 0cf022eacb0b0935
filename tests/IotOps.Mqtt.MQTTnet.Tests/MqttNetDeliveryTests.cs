using IotOps.Mqtt.Tests.Contract;

namespace IotOps.Mqtt.Tests;

/// <summary>The connection over an MQTTnet client reports nothing as sent that was not. It lacks redelivery, which is the team's.</summary>
public abstract class MqttNetDeliveryTests(MqttProtocolVersion version) : DeliveryContract(version)
{
    private readonly Dictionary<IMqttConnection, TeamClient> _teams = [];

    /// <inheritdoc/>
    protected override bool Redelivers => false;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        foreach (TeamClient team in _teams.Values)
        {
            await team.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override IMqttConnection Create(ContractTerms terms)
    {
        var team = new TeamClient(terms.Port, terms.ClientId, terms.ProtocolVersion, terms.ReconnectDelay);
        var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions
        {
            Limits = terms.Limits with { UnacknowledgedPublishes = terms.MaxInFlight },
            CloseTimeout = terms.CloseTimeout,
        });
        _teams.Add(connection, team);
        return connection;
    }

    /// <inheritdoc/>
    protected override Task ConnectAsync(IMqttConnection connection, CancellationToken cancellationToken) => _teams[connection].ConnectAsync(cancellationToken);

    /// <summary>Over MQTT 5.</summary>
    public sealed class Version5() : MqttNetDeliveryTests(MqttProtocolVersion.V5);

    /// <summary>Over MQTT 3.1.1.</summary>
    public sealed class Version311() : MqttNetDeliveryTests(MqttProtocolVersion.V311);
}
