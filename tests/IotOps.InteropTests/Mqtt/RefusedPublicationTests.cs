using System.Text;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;

namespace IotOps.InteropTests.Mqtt;

/// <summary>A publication that the broker does not take fails to its caller, and holds up nobody.</summary>
public sealed class RefusedPublicationTests(InteropPeers peers) : MosquittoTest(peers)
{
    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task One_above_the_brokers_message_size_limit_ends(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, "message_size_limit 2000");
        await using MqttConnection client = await ConnectAsync(Options(broker.Port, version));
        Task large = client.PublishAsync("large", new byte[3000]).AsTask();
        Task small = client.PublishAsync("small", new byte[10]).AsTask();
        await small.WaitAsync(Patience, TimeProvider.System);
        if (version == MqttProtocolVersion.V5)
        {
            MqttException error = await Should.ThrowAsync<MqttException>(() => large.WaitAsync(Patience, TimeProvider.System));
            error.Reason.ShouldBe(MqttReasonCode.PacketTooLarge);
            error.Message.ShouldContain("'large'");
        }
        else
        {
            // MQTT 3.1.1 has no way to refuse it: mosquitto acknowledges and drops.
            await large.WaitAsync(Patience, TimeProvider.System);
        }

        client.State.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task A_broker_that_closes_on_one_topic_gets_the_other_eight(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port) { ClosesOn = Encoding.UTF8.GetBytes("forbidden") };
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port, version) with { MinReconnectDelay = TimeSpan.FromMilliseconds(100) });
        Task forbidden = client.PublishAsync("forbidden", Number(0)).AsTask();
        Task[] others = [.. Enumerable.Range(1, 8).Select(i => client.PublishAsync($"allowed/{i}", Number(i)).AsTask())];
        await Task.WhenAll(others).WaitAsync(Patience, TimeProvider.System);
        MqttException error = await Should.ThrowAsync<MqttException>(() => forbidden.WaitAsync(Patience, TimeProvider.System));

        error.Message.ShouldContain("'forbidden'");
        client.State.Connections.ShouldBeLessThanOrEqualTo(5);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task A_broker_that_closes_on_one_filter_grants_the_others_and_takes_publications(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port) { ClosesOn = Encoding.UTF8.GetBytes("forbidden") };
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port, version) with { MinReconnectDelay = TimeSpan.FromMilliseconds(100) });
        Task<IMqttSubscription>[] all = [.. new[] { "a", "forbidden", "b" }.Select(filter => client.SubscribeAsync([filter]).AsTask())];
        await client.PublishAsync("anything", Number(1)).AsTask().WaitAsync(Patience, TimeProvider.System);
        await all[0].WaitAsync(Patience, TimeProvider.System);
        await all[2].WaitAsync(Patience, TimeProvider.System);

        (await Should.ThrowAsync<MqttException>(() => all[1].WaitAsync(Patience, TimeProvider.System))).Message.ShouldContain("'forbidden'");
        client.State.Connections.ShouldBeLessThanOrEqualTo(6);
    }
}
