using System.Text;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>Subscriptions that match the same topics, with and without identifiers.</summary>
public sealed class OverlapTests
{
    private static readonly byte[] WithIdentifiers = Packets.ConnAck(properties: []);

    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task Each_subscription_gets_the_copy_that_is_its_own()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;
        (IMqttSubscription all, int allId) = await SubscribeAsync(client, link, "ov/#");
        (IMqttSubscription one, int oneId) = await SubscribeAsync(client, link, "ov/1");
        (IMqttSubscription shared, int sharedId) = await SubscribeAsync(client, link, "$share/w/ov/+");
        new[] { allId, oneId, sharedId }.ShouldBeUnique();
        await link.SendAsync(Copy("ov/1", "a", oneId), Copy("ov/1", "b", allId), Copy("ov/1", "c", sharedId), Copy("ov/1", "d", oneId, allId));

        await ReadsAsync(all, "b", "d");
        await ReadsAsync(one, "a", "d");
        await ReadsAsync(shared, "c");
    }

    [Fact]
    public async Task What_is_marked_as_a_subscriptions_goes_to_no_listener()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;
        (IMqttSubscription subscription, int identifier) = await SubscribeAsync(client, link, "t");
        IMqttSubscription listener = client.Listen("t");
        await link.SendAsync(Copy("t", "marked", identifier), Copy("t", "direct"));

        await ReadsAsync(subscription, "marked", "direct");
        await ReadsAsync(listener, "direct");
    }

    [Fact]
    public async Task Of_a_copy_for_each_filter_of_one_subscription_it_gets_the_first_filters()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["a/b", "a/+"]);
        SentPacket[] subscribes = await link.ReadAsync(2, type: 8);
        await link.SendAsync([.. subscribes.Select(packet => Packets.SubAck(packet.PacketId, 1))]);
        await using IMqttSubscription subscription = await subscribing;
        int exact = subscribes.Single(packet => packet.Filters[0] == "a/b").SubscriptionIdentifier;
        int pattern = subscribes.Single(packet => packet.Filters[0] == "a/+").SubscriptionIdentifier;
        await link.SendAsync(Copy("a/b", "1", pattern), Copy("a/b", "1", exact), Copy("a/c", "2", pattern), Copy("a/b", "3", exact, pattern));

        await ReadsAsync(subscription, "1", "2", "3");
    }

    [Fact]
    public async Task An_identifier_that_is_not_ours_or_does_not_fit_goes_by_the_topic()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;
        (IMqttSubscription one, int id) = await SubscribeAsync(client, link, "t/1");
        (IMqttSubscription two, int _) = await SubscribeAsync(client, link, "t/2");
        await link.SendAsync(Copy("t/1", "a", id + 1), Copy("t/2", "b", id));

        await ReadsAsync(one, "a");
        await ReadsAsync(two, "b");
    }

    [Fact]
    public async Task A_filter_has_the_same_identifier_in_every_process()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;

        // FNV-1a of the text: a kept session goes on with what it was given.
        (await SubscribeAsync(client, link, "a")).Identifier.ShouldBe(798797);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_that_refuses_identifiers_after_all_is_asked_without(bool byClosing)
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: WithIdentifiers);
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["t"]);
        SentPacket subscribe = await link.ReadAsync();
        subscribe.SubscriptionIdentifier.ShouldNotBe(0);
        if (byClosing)
        {
            await link.SendAsync(Packets.Disconnect(0xA1));
            link.Close();
            link = await _broker.WelcomeAsync(WithIdentifiers);
        }
        else
        {
            await link.SendAsync(Packets.SubAck(subscribe.PacketId, 0xA1));
        }

        subscribe = await link.ReadAsync();
        (subscribe.Filters[0], subscribe.SubscriptionIdentifier).ShouldBe(("t", 0));
        await link.SendAsync(Packets.SubAck(subscribe.PacketId, 1));
        await subscribing;
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_share_beside_a_filter_that_overlaps_is_refused_without_identifiers(MqttProtocolVersion version)
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options(version));
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["demo/+/state"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, version, [1]));
        await using IMqttSubscription plain = await subscribing;

        MqttException error = await Should.ThrowAsync<MqttException>(() => client.SubscribeAsync(["$share/w/demo/+/state"]).AsTask());
        error.Message.ShouldContain("'$share/w/demo/+/state'");
        error.Message.ShouldContain("'demo/+/state'");
        await Should.ThrowAsync<MqttException>(() => client.SubscribeAsync(["other/#", "$share/w/other/1"]).AsTask());
        plain.Messages.Completion.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Asked_for_before_the_first_connection_the_later_one_is_refused_when_the_broker_has_none()
    {
        await using var client = new MqttConnection(_broker.Options());
        Task<IMqttSubscription> plain = client.SubscribeAsync(["demo/+/state"]).AsTask();
        Task<IMqttSubscription> shared = client.SubscribeAsync(["$share/w/demo/#"]).AsTask();
        _ = client.ConnectAsync();
        FakeLink link = await _broker.WelcomeAsync();
        await Should.ThrowAsync<MqttException>(() => shared.WaitAsync(FakeBroker.Patience, TimeProvider.System));
        SentPacket subscribe = await link.ReadAsync();
        subscribe.Filters.ShouldBe(["demo/+/state"]);
        await link.SendAsync(Packets.SubAck(subscribe.PacketId, 1));

        await plain;
    }

    private static byte[] Copy(string topic, string payload, params int[] identifiers) =>
        Packets.Publish(topic, payload, properties: [.. identifiers.SelectMany(id => (byte[])[0x0B, .. Variable(id)])]);

    private static byte[] Variable(int value)
    {
        List<byte> bytes = [];
        for (; value > 0; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
        }

        return [.. bytes];
    }

    private static async Task<(IMqttSubscription Subscription, int Identifier)> SubscribeAsync(MqttConnection client, FakeLink link, string filter)
    {
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync([filter]);
        SentPacket subscribe = await link.ReadAsync();
        await link.SendAsync(Packets.SubAck(subscribe.PacketId, 1));
        return (await subscribing, subscribe.SubscriptionIdentifier);
    }

    // Those, and no others by the time a message that is known to be read has been answered.
    private static async Task ReadsAsync(IMqttSubscription subscription, params string[] payloads)
    {
        List<string> read = [];
        for (int i = 0; i < payloads.Length; i++)
        {
            using MqttReceivedMessage message = await subscription.Messages.ReadAsync().AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
            read.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }

        read.ShouldBe(payloads);
        subscription.Messages.Count.ShouldBe(0);
    }
}
