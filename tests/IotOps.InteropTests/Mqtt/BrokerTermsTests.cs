using IotOps.InteropTests.Peers;
using IotOps.Mqtt;

namespace IotOps.InteropTests.Mqtt;

/// <summary>What the broker wants otherwise than we do.</summary>
public sealed class BrokerTermsTests(InteropPeers peers) : MosquittoTest(peers)
{
    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Clients_of_another_maker_hear_us_and_are_heard(MqttProtocolVersion version)
    {
        string version0 = version == MqttProtocolVersion.V5 ? "5" : "311";
        string port = (await Peers.MosquittoAsync()).ToString();
        string topic = $"interop/{version}";
        Peer theirs = Peers.Require("mosquitto-clients");
        await using MqttConnection client = await ConnectAsync(Options(await Peers.MosquittoAsync(), version, $"interop-{version}"));
        await using IMqttSubscription subscription = await client.SubscribeAsync([$"{topic}/in"]);
        await PeerCommand.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", port, "-V", version0, "-q", "1", "-t", $"{topic}/in", "-m", "7"]);
        (await ReadNumbersAsync(subscription, 1)).ShouldBe([7]);
        await client.PublishAsync($"{topic}/out", "kept"u8.ToArray(), options: new MqttPublishOptions { Retain = true });

        string heard = await PeerCommand.RunAsync(theirs.Program, ["-h", "127.0.0.1", "-p", port, "-V", version0, "-C", "1", "-W", "10", "-t", $"{topic}/out"]);
        heard.Trim().ShouldBe("kept");
    }

    [Fact]
    public async Task A_keep_alive_shorter_than_ours_is_kept()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, "max_keepalive 10");
        await using var proxy = new FaultyProxy(broker.Port);
        await using MqttConnection client = await ConnectAsync(Options(proxy.Port) with { KeepAlive = TimeSpan.FromSeconds(600) });
        long start = TimeProvider.System.GetTimestamp();
        long connected = proxy.FromClient;
        while (proxy.FromClient == connected && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(12))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        // A ping is two bytes.
        proxy.FromClient.ShouldBe(connected + 2);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10.5));
    }

    [Fact]
    public async Task One_at_a_time_is_kept_when_the_broker_receives_no_more()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, "max_inflight_messages 1");
        await using MqttConnection client = await ConnectAsync(Options(broker.Port));
        await using IMqttSubscription subscription = await client.SubscribeAsync(["n"]);
        Task[] publications = [.. Enumerable.Range(0, 200).Select(i => client.PublishAsync("n", Number(i)).AsTask())];
        client.InFlight.ShouldBe(1);
        List<int> numbers = await ReadNumbersAsync(subscription, 200);
        await Task.WhenAll(publications);

        numbers.ShouldBe(Enumerable.Range(0, 200));
        client.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Two_that_share_a_client_id_stop_fighting()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        MqttConnection[] both311 = [await ConnectAsync(Options(broker.Port, MqttProtocolVersion.V311, "old")), await ConnectAsync(Options(broker.Port, MqttProtocolVersion.V311, "old"))];
        MqttConnection[] both5 = [await ConnectAsync(Options(broker.Port, clientId: "new")), await ConnectAsync(Options(broker.Port, clientId: "new"))];
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);
        long[] connections = [both311.Sum(client => client.State.Connections), both5.Sum(client => client.State.Connections)];
        foreach (MqttConnection client in both311.Concat(both5))
        {
            await client.DisposeAsync();
        }

        // Each gives way when it has been thrown out for the third time.
        connections.ShouldAllBe(count => count >= 2 && count <= 6);
    }

    [Fact]
    public async Task A_client_that_may_not_connect_is_told_at_once()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, anonymous: false);
        await using var client = new MqttConnection(Options(broker.Port) with { UserName = "u", Password = new byte[] { 1 } });

        (await Should.ThrowAsync<MqttException>(() => client.ConnectAsync())).Reason.ShouldBe(MqttReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task A_will_is_published_when_the_link_is_cut_and_not_after_a_goodbye()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using var proxy = new FaultyProxy(broker.Port);
        await using MqttConnection reader = await ConnectAsync(Options(broker.Port, clientId: "reader"));
        await using IMqttSubscription subscription = await reader.SubscribeAsync(["wills"]);
        MqttConnectionOptions options = Options(proxy.Port) with { Will = new MqttWill { Topic = "wills", Payload = Number(0) }, SessionExpiry = TimeSpan.Zero };
        MqttConnection polite = await ConnectAsync(options with { Will = options.Will with { Payload = Number(1) } });
        await polite.DisposeAsync();
        await using MqttConnection cut = await ConnectAsync(options);
        proxy.ResetAfter(3);
        await cut.PublishAsync("n", Number(5)).AsTask().WaitAsync(Patience, TimeProvider.System);

        (await ReadNumbersAsync(subscription, 1)).ShouldBe([0]);
    }
}
