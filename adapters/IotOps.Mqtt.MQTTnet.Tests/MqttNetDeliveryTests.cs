using IotOps.Mqtt.Tests.Contract;
using MQTTnet;

namespace IotOps.Mqtt.Tests;

/// <summary>The connection over an MQTTnet client loses, doubles and disorders nothing.</summary>
public abstract class MqttNetDeliveryTests(MqttProtocolVersion version) : DeliveryContract(version)
{
    /// <inheritdoc/>
    protected override IMqttConnection Create(ContractTerms terms) => new MqttNetConnection(
        new MqttClientFactory().CreateMqttClient(), TestClients.Options(terms.Port, terms.ClientId, terms.ProtocolVersion), TestClients.Quick(terms));

    /// <inheritdoc/>
    protected override Task ConnectAsync(IMqttConnection connection, CancellationToken cancellationToken) =>
        ((MqttNetConnection)connection).ConnectAsync(cancellationToken);

    /// <summary>Over MQTT 5.</summary>
    public sealed class Version5() : MqttNetDeliveryTests(MqttProtocolVersion.V5);

    /// <summary>Over MQTT 3.1.1.</summary>
    public sealed class Version311() : MqttNetDeliveryTests(MqttProtocolVersion.V311);
}
