using IotOps.Emulator;
using IotOps.Mqtt.Tests.Contract;

namespace IotOps.Mqtt.Tests;

/// <summary>The built-in connection loses, doubles and disorders nothing.</summary>
public abstract class MqttConnectionDeliveryTests(MqttProtocolVersion version) : RedeliveryContract(version)
{
    [Fact]
    public async Task A_refusal_that_no_retry_mends_closes_the_connection()
    {
        using FaultHandle refusal = Faults.Add(new Fault { Operation = "MqttConnect", ReasonCode = 0x87 });
        IMqttConnection connection = Make();
        Task waiting = connection.PublishAsync("t", default).AsTask();
        (await Should.ThrowAsync<MqttException>(StartAsync(connection))).Reason.ShouldBe(MqttReasonCode.NotAuthorized);

        connection.State.Status.ShouldBe(MqttConnectionStatus.Closed);
        await Should.ThrowAsync<MqttException>(waiting);
        refusal.Hits.ShouldBe(1);
    }

    [Fact]
    public async Task Disposal_says_goodbye()
    {
        IMqttConnection connection = await ConnectAsync();
        await ((IAsyncDisposable)connection).DisposeAsync();

        await Broker.WaitForDepartureAsync(connection.ClientId, End);
    }

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
        CloseTimeout = terms.CloseTimeout,
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
