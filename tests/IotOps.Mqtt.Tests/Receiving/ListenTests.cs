using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>Messages that come without a subscription: who takes them, and what becomes of those that nobody takes.</summary>
public sealed class ListenTests : IDisposable
{
    private readonly FakeBroker _broker = new();
    private readonly LogLines _lines = new();

    public void Dispose() => _lines.Dispose();

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_listener_gets_what_matches_without_a_SUBSCRIBE_and_its_disposal_acknowledges(MqttProtocolVersion version)
    {
        bool v5 = version == MqttProtocolVersion.V5;
        (MqttConnection client, FakeLink link) = await ConnectAsync(version);
        await using MqttConnection _ = client;
        await using IMqttSubscription listener = client.Listen("devices/+/direct");

        await link.SendAsync(Packets.Publish("devices/1/direct", "now", id: 7, v5: v5));
        MqttReceivedMessage message = await listener.Messages.ReadAsync();

        (message.Topic, Text(message)).ShouldBe(("devices/1/direct", "now"));
        link.HasPacket.ShouldBeFalse("neither a SUBSCRIBE nor a PUBACK before the message is done");
        message.Dispose();
        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 7]);
        (client.Unmatched, _lines.Of(418).Count()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task It_outlives_connections_whether_or_not_the_broker_kept_the_session()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        await using IMqttSubscription listener = client.Listen("t");

        foreach (bool sessionPresent in new[] { true, false })
        {
            link.Reset();
            link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: sessionPresent));
            await link.SendAsync(Packets.Publish("t", $"{sessionPresent}", id: 1));
            using (MqttReceivedMessage message = await listener.Messages.ReadAsync())
            {
                Text(message).ShouldBe($"{sessionPresent}");
            }

            (await link.ReadAsync()).Type.ShouldBe(4, "a PUBACK, and no SUBSCRIBE before it");
        }
    }

    [Fact]
    public async Task What_a_broker_with_the_session_sends_again_is_not_there_twice()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        await using IMqttSubscription listener = client.Listen("#");
        await link.SendAsync(Packets.Publish("t", "1", id: 1));
        (await listener.Messages.WaitToReadAsync()).ShouldBeTrue();

        link.Reset();
        link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        await Eventually.TrueAsync(() => client.State is { Connections: 2, Status: MqttConnectionStatus.Connected });
        await link.SendAsync(Packets.Publish("t", "1", id: 1, duplicate: true), Packets.Publish("end", "", id: 2));

        using MqttReceivedMessage again = await listener.Messages.ReadAsync();
        using MqttReceivedMessage end = await listener.Messages.ReadAsync();
        (again.Duplicate, end.Topic).ShouldBe((true, "end"));
    }

    [Fact]
    public async Task A_listener_made_before_connecting_gets_the_first_message()
    {
        await using var client = new MqttConnection(_broker.Options());
        await using IMqttSubscription listener = client.Listen("t");
        Task connecting = client.ConnectAsync();
        FakeLink link = await _broker.AcceptAsync();
        await link.ReadAsync();
        await link.SendAsync(Packets.ConnAck(), Packets.Publish("t", "first"));

        using MqttReceivedMessage message = await listener.Messages.ReadAsync();
        Text(message).ShouldBe("first");
        await connecting;
    }

    [Fact]
    public async Task Without_an_identifier_each_subscription_and_listener_that_matches_gets_it_and_all_must_be_done()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync(MqttProtocolVersion.V311);
        await using MqttConnection _ = client;
        await using IMqttSubscription subscription = await SubscribeAsync(client, link, MqttProtocolVersion.V311);
        await using IMqttSubscription listener = client.Listen("#");
        await link.SendAsync(Packets.Publish("t", "m", id: 3, v5: false));

        (await subscription.Messages.ReadAsync()).Dispose();
        link.HasPacket.ShouldBeFalse();
        (await listener.Messages.ReadAsync()).Dispose();
        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 3]);
    }

    [Fact]
    public async Task A_slow_listener_loses_the_oldest_QoS_0_and_counts_it()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        await using IMqttSubscription listener = client.Listen("t", capacity: 2);
        await using IMqttSubscription end = client.Listen("end");
        await link.SendAsync(Packets.Publish("t", "1"), Packets.Publish("t", "2"), Packets.Publish("t", "3"), Packets.Publish("end", ""));
        (await end.Messages.ReadAsync()).Dispose();

        using MqttReceivedMessage message = await listener.Messages.ReadAsync();
        (Text(message), listener.Dropped).ShouldBe(("2", 1));
    }

    [Fact]
    public async Task Disposal_ends_it_and_tells_the_broker_nothing()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        IMqttSubscription listener = client.Listen("t");
        await listener.DisposeAsync();
        await link.SendAsync(Packets.Publish("t", "m", id: 9));

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 9], "no UNSUBSCRIBE");
        (await listener.Messages.WaitToReadAsync()).ShouldBeFalse();
        client.Unmatched.ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_it_and_refuses_new_ones()
    {
        (MqttConnection client, FakeLink _) = await ConnectAsync();
        IMqttSubscription listener = client.Listen("t");
        await client.DisposeAsync();

        (await listener.Messages.WaitToReadAsync()).ShouldBeFalse();
        Should.Throw<MqttException>(() => client.Listen("t")).Message.ShouldContain("disposed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("$share/group/t")]
    public async Task What_cannot_be_listened_to_is_refused(string filter)
    {
        await using var client = new MqttConnection(_broker.Options());

        Should.Throw<ArgumentException>(() => client.Listen(filter));
    }

    [Fact]
    public async Task A_message_that_nobody_takes_is_acknowledged_counted_and_named_once()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "1", id: 1), Packets.Publish("t", "2", id: 2), Packets.Publish("u", "3", id: 3));

        foreach (byte id in new byte[] { 1, 2, 3 })
        {
            (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, id]);
        }

        client.Unmatched.ShouldBe(3);
        string[] warnings = [.. _lines.Of(418)];
        warnings.Length.ShouldBe(2);
        warnings[0].ShouldSatisfyAllConditions(line => line.ShouldContain("'t'"), line => line.ShouldContain("dropped"), line => line.ShouldContain("Listen"));
    }

    [Fact]
    public async Task A_sender_that_makes_up_topics_fills_no_log()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync();
        await using MqttConnection _ = client;
        await using IMqttSubscription end = client.Listen("end");
        await link.SendAsync([.. Enumerable.Range(0, 100).Select(i => Packets.Publish($"made/up/{i}", "")), Packets.Publish("end", "")]);
        (await end.Messages.ReadAsync()).Dispose();

        (client.Unmatched, _lines.Of(418).Count()).ShouldBe((100, 32));
    }

    [Fact]
    public async Task What_the_broker_sent_before_it_knew_of_an_UNSUBSCRIBE_is_no_surprise_and_not_refused()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync(policy: MqttUnmatchedPolicy.Refuse);
        await using MqttConnection _ = client;
        IMqttSubscription subscription = await SubscribeAsync(client, link);
        ValueTask leaving = subscription.DisposeAsync();
        (await link.ReadAsync()).Type.ShouldBe(10);
        await link.SendAsync(Packets.Publish("t", "late", id: 5));

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 5]);
        (client.Unmatched, _lines.Of(418).Count()).ShouldBe((1, 0));
        await leaving;
    }

    [Fact]
    public async Task Refusing_MQTT_5_answers_with_a_reason_in_the_order_of_the_messages()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync(policy: MqttUnmatchedPolicy.Refuse);
        await using MqttConnection _ = client;
        await using IMqttSubscription listener = client.Listen("t");
        await link.SendAsync(Packets.Publish("t", "1", id: 1), Packets.Publish("nobody", "2", id: 2));
        (await listener.Messages.ReadAsync()).Dispose();

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 1]);
        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 3, 0, 2, 0x83]);
        _lines.Of(418).ShouldHaveSingleItem().ShouldContain("refused");
    }

    [Fact]
    public async Task Refusing_MQTT_3_1_1_withholds_ten_PUBACKs_of_a_connection_and_holds_up_nothing_behind_them()
    {
        (MqttConnection client, FakeLink link) = await ConnectAsync(MqttProtocolVersion.V311, MqttUnmatchedPolicy.Refuse);
        await using MqttConnection _ = client;
        await link.SendAsync([Packets.Publish("nobody", "QoS 0", v5: false), .. Enumerable.Range(1, 11).Select(id => Packets.Publish("nobody", "m", id: (ushort)id, v5: false))]);
        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 11]);

        link.Reset();
        link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true, version: MqttProtocolVersion.V311));
        await using IMqttSubscription listener = client.Listen("t");
        await link.SendAsync(Packets.Publish("nobody", "m", id: 1, v5: false), Packets.Publish("t", "m", id: 2, v5: false));
        (await listener.Messages.ReadAsync()).Dispose();

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 2], "a connection has ten of its own");
    }

    private static string Text(MqttReceivedMessage message) => System.Text.Encoding.UTF8.GetString(message.Payload.Span);

    private Task<(MqttConnection Client, FakeLink Link)> ConnectAsync(
        MqttProtocolVersion version = MqttProtocolVersion.V5, MqttUnmatchedPolicy policy = MqttUnmatchedPolicy.Acknowledge) =>
        _broker.ConnectAsync(_broker.Options(version) with { LoggerFactory = _lines, UnmatchedPolicy = policy });

    private static async Task<IMqttSubscription> SubscribeAsync(MqttConnection client, FakeLink link, MqttProtocolVersion version = MqttProtocolVersion.V5)
    {
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["t"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, version, [1]));
        return await subscribing;
    }
}
