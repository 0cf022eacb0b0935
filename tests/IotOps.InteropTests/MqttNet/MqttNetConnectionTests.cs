using System.Globalization;
using System.Text;
using IotOps.InteropTests.Mqtt;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;
using IotOps.Mqtt.Tests;

namespace IotOps.InteropTests.MqttNet;

/// <summary>The connection over a team's own MQTTnet client on mosquitto.</summary>
public sealed class MqttNetConnectionTests(InteropPeers peers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_thousand_come_back_in_order_through_a_window_of_twenty(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(peers, "max_queued_messages 0");
        await using var team = new TeamClient(broker.Port, "team", version);
        await using var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions { Limits = MqttLimits.None with { UnacknowledgedPublishes = 20 } });
        await team.ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["n"]);
        Task published = Task.WhenAll(Enumerable.Range(0, 1000).Select(i => connection.PublishAsync("n", Number(i)).AsTask()));
        for (int i = 0; i < 1000; i++)
        {
            (await ReadAsync(subscription)).ShouldBe(i);
        }

        await published.WaitAsync(Patience, TimeProvider.System);
        connection.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_publication_without_its_acknowledgement_fails_though_it_arrived()
    {
        int port = await peers.MosquittoAsync();
        await using var proxy = new FaultyProxy(port);
        string topic = $"t-{Guid.NewGuid():N}";
        await using var reader = new TeamClient(port, topic + "-reader");
        await using var reading = new MqttNetConnection(reader.Client);
        await reader.ConnectAsync();
        await using IMqttSubscription subscription = await reading.SubscribeAsync([topic]);
        await using var team = new TeamClient(proxy.Port, topic);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        proxy.LosesAnswers = true;
        Task publication = connection.PublishAsync(topic, Number(1)).AsTask();
        (await ReadAsync(subscription)).ShouldBe(1);
        publication.IsCompleted.ShouldBeFalse();
        proxy.LosesAnswers = false;
        proxy.Cut();

        (await Should.ThrowAsync<MqttException>(publication.WaitAsync(Patience, TimeProvider.System))).IsTransient.ShouldBeTrue();
        await ConnectedAsync(connection, 2);
        await connection.PublishAsync(topic, Number(2));
        (await ReadAsync(subscription)).ShouldBe(2);
    }

    [Fact]
    public async Task Subscriptions_are_back_after_the_broker_was_killed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(peers);
        await using var team = new TeamClient(broker.Port, "team");
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        await using IMqttSubscription numbers = await connection.SubscribeAsync(["n/+", "m"]);
        await broker.KillAsync();
        await broker.StartAsync();
        (await ConnectedAsync(connection, 2)).SessionPresent.ShouldBeFalse();
        await connection.PublishAsync("n/1", Number(1));
        await connection.PublishAsync("m", Number(2));

        (await ReadAsync(numbers)).ShouldBe(1);
        (await ReadAsync(numbers)).ShouldBe(2);
    }

    private static byte[] Number(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static async Task<int> ReadAsync(IMqttSubscription subscription)
    {
        using MqttReceivedMessage message = await subscription.Messages.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
        return int.Parse(message.Payload.Span, CultureInfo.InvariantCulture);
    }

    private static async Task<MqttConnectionState> ConnectedAsync(MqttNetConnection connection, long connections)
    {
        MqttConnectionState state = connection.State;
        while (state.Status != MqttConnectionStatus.Connected || state.Connections < connections)
        {
            state = await connection.WaitForChangeAsync(state).AsTask().WaitAsync(Patience, TimeProvider.System);
        }

        return state;
    }
}
