using IotOps.InteropTests.Peers;
using IotOps.Mqtt;

namespace IotOps.InteropTests.Mqtt;

/// <summary>Connections that end in every way there is.</summary>
public sealed class LostConnectionTests(InteropPeers peers) : MosquittoTest(peers)
{
    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_broker_killed_with_100_unacknowledged_gets_all_of_them(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, "max_inflight_messages 0");
        await using MqttConnection client = await ConnectAsync(Options(broker.Port, version));
        await using MqttConnection reader = await ConnectAsync(Options(broker.Port, version, "reader"));
        await using IMqttSubscription subscription = await reader.SubscribeAsync(["n"]);
        await broker.FreezeAsync();
        Task[] publications = [.. Enumerable.Range(0, 100).Select(i => client.PublishAsync("n", Number(i)).AsTask())];
        client.InFlight.ShouldBe(100);
        await broker.KillAsync();
        await StateAsync(reader, s => s.Status != MqttConnectionStatus.Connected);
        await broker.StartAsync();

        // The reader is there first, so that it sees what the other sends anew: this broker forgot everything.
        await Task.WhenAll(publications).WaitAsync(Patience, TimeProvider.System);
        (await StateAsync(client, s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 })).SessionPresent.ShouldBeFalse();
        client.InFlight.ShouldBe(0);
        MqttConnectionState back = await StateAsync(reader, s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 });
        back.SessionPresent.ShouldBeFalse();
        await client.PublishAsync("n", Number(0));
        await ReadNumbersAsync(subscription, 1);
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_a_packet_loses_nothing()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port);
        await using MqttConnection reader = await ConnectAsync(Options(broker.Port, clientId: "reader"));
        await using IMqttSubscription subscription = await reader.SubscribeAsync(["n"]);
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port));
        for (int i = 0; i < 5; i++)
        {
            await client.PublishAsync("n", Number(i));
        }

        proxy.ResetAfter(100);
        Task[] publications = [.. Enumerable.Range(5, 50).Select(i => client.PublishAsync("n", Number(i)).AsTask())];
        await Task.WhenAll(publications).WaitAsync(Patience, TimeProvider.System);

        (await StateAsync(client, s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 })).SessionPresent.ShouldBeTrue();
        List<int> numbers = await ReadNumbersAsync(subscription, 55);
        numbers.Distinct().ShouldBe(Enumerable.Range(0, 55), "in order, but for repetitions");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Bytes_that_come_one_by_one_are_the_same_packets(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port) { Fragments = true };
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port, version));
        await using IMqttSubscription subscription = await client.SubscribeAsync(["n"]);
        Task[] publications = [.. Enumerable.Range(0, 50).Select(i => client.PublishAsync("n", Number(i)).AsTask())];
        List<int> numbers = await ReadNumbersAsync(subscription, 50);
        await Task.WhenAll(publications);

        numbers.ShouldBe(Enumerable.Range(0, 50));
        client.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_half_open_link_is_found_within_one_and_a_half_keep_alives()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port);
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port) with { KeepAlive = TimeSpan.FromSeconds(2) });
        await client.PublishAsync("n", Number(0));
        proxy.Swallows = true;
        long start = TimeProvider.System.GetTimestamp();
        Task publication = client.PublishAsync("n", Number(1)).AsTask();
        MqttConnectionState lost = await StateAsync(client, s => s.Status == MqttConnectionStatus.Disconnected);
        TimeSpan found = TimeProvider.System.GetElapsedTime(start);
        proxy.Swallows = false;
        await publication.WaitAsync(Patience, TimeProvider.System);

        lost.Error!.Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);

        // A busy machine wakes a timer late.
        found.ShouldBeLessThan(TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task Two_hundred_clients_come_back_spread_out()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        MqttConnection[] clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => ConnectAsync(Options(broker.Port, clientId: $"fleet-{i}"))));
        await broker.KillAsync();
        await broker.StartAsync();
        long start = TimeProvider.System.GetTimestamp();
        double[] back = await Task.WhenAll(clients.Select(async client =>
        {
            await StateAsync(client, s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 });
            return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        }));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));

        // Evenly over the first second 200 would be 20 a tenth; what came too early for the broker follows over the next two.
        Array.Sort(back);
        (back[180] - back[20]).ShouldBeGreaterThan(0.4);
        back.GroupBy(at => (int)(at * 10)).Max(tenth => tenth.Count()).ShouldBeLessThan(80);
    }
}
