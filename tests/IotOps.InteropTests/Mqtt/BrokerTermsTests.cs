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

    [Fact]
    public async Task Overlapping_subscriptions_and_shares_get_their_own_copies()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using MqttConnection one = await ConnectAsync(Options(broker.Port, clientId: "one"));
        await using MqttConnection two = await ConnectAsync(Options(broker.Port, clientId: "two"));
        IMqttSubscription[] plain = [await one.SubscribeAsync(["demo/+/state"]), await two.SubscribeAsync(["demo/+/state"])];
        IMqttSubscription[] shared = [await one.SubscribeAsync(["$share/w/demo/+/state"]), await two.SubscribeAsync(["$share/w/demo/+/state"])];
        await using IMqttSubscription both = await one.SubscribeAsync(["demo/#", "demo/+/+"]);
        await using IMqttSubscription notOwn = await one.SubscribeAsync(["own/#"], new MqttSubscribeOptions { NoLocal = true });
        await using IMqttSubscription own = await one.SubscribeAsync(["own/1"]);
        await one.PublishAsync("own/1", Number(0));
        for (int i = 0; i < 10; i++)
        {
            await one.PublishAsync($"demo/{i}/state", Number(i));
        }

        foreach (IMqttSubscription subscription in plain.Append(both))
        {
            await UntilAsync(() => subscription.Messages.Count >= 10);
            subscription.Messages.Count.ShouldBe(10);
        }

        await UntilAsync(() => shared.Sum(subscription => subscription.Messages.Count) >= 10);
        shared.Sum(subscription => subscription.Messages.Count).ShouldBe(10);
        (own.Messages.Count, notOwn.Messages.Count).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task A_message_larger_than_we_take_is_passed_over(MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers);
        await using MqttConnection client = await ConnectAsync(Options(broker.Port, version) with { MaxPacketBytes = 10_000 });
        await using IMqttSubscription subscription = await client.SubscribeAsync(["big/#"]);
        await using MqttConnection publisher = await ConnectAsync(Options(broker.Port, version, "publisher"));

        // mosquitto 2.0.11 also sends packets of MQTT 5 that are a few bytes too large.
        await publisher.PublishAsync("big/large", new byte[30_000]);
        for (int size = 9970; size < 10_010; size++)
        {
            await publisher.PublishAsync("big/edge", new byte[size]);
        }

        await publisher.PublishAsync("big/last", Number(1));
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        string topic = "";
        while (topic != "big/last")
        {
            using MqttReceivedMessage message = await subscription.Messages.ReadAsync(timeout.Token);
            topic = message.Topic;
            topic.ShouldNotBe("big/large", StringComparer.Ordinal);
        }

        client.State.Connections.ShouldBe(1);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
