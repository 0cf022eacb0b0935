namespace IotOps.Mqtt.Tests.Contract;

/// <summary>The built-in connection loses, doubles and disorders nothing.</summary>
public abstract class MqttConnectionDeliveryTests(MqttProtocolVersion version) : DeliveryContract(version)
{
    /// <inheritdoc/>
    protected override IMqttConnection Create(ContractTerms terms) => new MqttConnection(new MqttConnectionOptions
    {
        Host = "127.0.0.1",
        Port = terms.Port,
        Tls = null,
        ClientId = terms.ClientId,
        ProtocolVersion = terms.ProtocolVersion,
        MaxInFlight = terms.MaxInFlight,
        Limits = terms.Limits,
        MinReconnectDelay = terms.ReconnectDelay,
        MaxReconnectDelay = terms.ReconnectDelay,
    });

    /// <inheritdoc/>
    protected override Task ConnectAsync(IMqttConnection connection, CancellationToken cancellationToken) =>
        ((MqttConnection)connection).ConnectAsync(cancellationToken);

    /// <summary>Over MQTT 5.</summary>
    public sealed class Version5() : MqttConnectionDeliveryTests(MqttProtocolVersion.V5);

    /// <summary>Over MQTT 3.1.1.</summary>
    public sealed class Version311() : MqttConnectionDeliveryTests(MqttProtocolVersion.V311);
}
