using System.Text;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>Messages from the broker to whoever subscribed.</summary>
public sealed class SubscriptionTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task QoS_1_is_acknowledged_when_disposed_and_in_the_order_received()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription subscription) = await SubscribedAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "1", id: 11), Packets.Publish("t", "2", id: 12), Packets.Publish("t", "3", id: 13));
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();
        MqttReceivedMessage second = await subscription.Messages.ReadAsync();
        MqttReceivedMessage third = await subscription.Messages.ReadAsync();
        second.Dispose();
        third.Dispose();
        await link.SendAsync(Packets.Disconnect(0x98));
        (await link.ReadToEndAsync()).ShouldBeEmpty();

        first.Dispose();
    }

    [Fact]
    public async Task Those_that_waited_for_an_earlier_one_are_acknowledged_with_it()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription subscription) = await SubscribedAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "1", id: 11), Packets.Publish("t", "2", id: 12));
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();
        (await subscription.Messages.ReadAsync()).Dispose();
        Encoding.UTF8.GetString(first.Payload.Span).ShouldBe("1");
        first.Dispose();

        (await link.ReadAsync(2, type: 4)).Select(p => p.PacketId).ShouldBe([(ushort)11, (ushort)12]);
    }

    [Fact]
    public async Task A_message_for_two_subscriptions_is_acknowledged_when_both_are_done()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription one) = await SubscribedAsync();
        await using MqttConnection _ = client;
        IMqttSubscription two = await SubscribeAsync(client, link, "+");
        await link.SendAsync(Packets.Publish("t", "1", id: 11));
        (await one.Messages.ReadAsync()).Dispose();
        MqttReceivedMessage other = await two.Messages.ReadAsync();
        link.HasPacket.ShouldBeFalse();
        Encoding.UTF8.GetString(other.Payload.Span).ShouldBe("1");
        other.Dispose();

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 11]);
    }

    [Fact]
    public async Task A_message_that_nobody_wants_is_acknowledged_at_once()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription _) = await SubscribedAsync();
        await using MqttConnection disposal = client;
        await link.SendAsync(Packets.Publish("other", "1", id: 11));

        (await link.ReadAsync()).Bytes.ShouldBe([0x40, 2, 0, 11]);
    }

    [Fact]
    public async Task One_subscription_with_two_filters_that_match_gets_it_once()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        IMqttSubscription subscription = await SubscribeAsync(client, link, "a/b", "a/+", "#");
        await link.SendAsync(Packets.Publish("a/b", "1"), Packets.Publish("end", "2"));
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();
        MqttReceivedMessage second = await subscription.Messages.ReadAsync();

        (first.Topic, second.Topic).ShouldBe(("a/b", "end"));
    }

    [Fact]
    public async Task A_slow_subscriber_loses_the_oldest_QoS_0_and_never_QoS_1()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["t"], new MqttSubscribeOptions { Capacity = 4 });
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, 1));
        await using IMqttSubscription subscription = await subscribing;
        await link.SendAsync(Packets.Publish("t", "a", id: 1), Packets.Publish("t", "b", id: 2));
        await link.SendAsync([.. Enumerable.Range(0, 10).Select(i => Packets.Publish("t", i.ToString()))]);
        await link.SendAsync(Packets.Publish("t", "c", id: 3), Packets.Publish("t", "d", id: 4), Packets.Publish("t", "e", id: 5));
        await Eventually.TrueAsync(() => subscription.Messages.Count == 7);
        List<string> read = [];
        while (subscription.Messages.TryRead(out MqttReceivedMessage? message))
        {
            using (message)
            {
                read.Add(Encoding.UTF8.GetString(message.Payload.Span));
            }
        }

        read.ShouldBe(["a", "b", "8", "9", "c", "d", "e"]);
        subscription.Dropped.ShouldBe(8);
        (await link.ReadAsync(5, type: 4)).Select(p => p.PacketId).ShouldBe(new ushort[] { 1, 2, 3, 4, 5 });
    }

    [Fact]
    public async Task More_than_the_receive_maximum_ends_the_connection()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { ReceiveMaximum = 2 });
        await using MqttConnection _ = client;
        _broker.Jitter = 1;
        await using IMqttSubscription subscription = await SubscribeAsync(client, link, "t");
        await link.SendAsync(Packets.Publish("t", "1", id: 1), Packets.Publish("t", "2", id: 2), Packets.Publish("t", "3", id: 3));

        (await link.ReadToEndAsync()).ShouldHaveSingleItem().Bytes.ShouldBe([0xE0, 1, 0x93]);
        await Eventually.TrueAsync(() => client.State.Error?.Reason == MqttReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task What_the_broker_will_send_again_is_not_kept_twice_and_not_acknowledged_late()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription subscription) = await SubscribedAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "read", id: 1), Packets.Publish("t", "unread", id: 2));
        MqttReceivedMessage read = await subscription.Messages.ReadAsync();
        await Eventually.TrueAsync(() => subscription.Messages.Count == 1);
        link.Close();
        FakeLink next = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        await Eventually.TrueAsync(() => subscription.Messages.Count == 0);
        read.Dispose();
        await next.SendAsync(Packets.Publish("t", "read", id: 1, duplicate: true), Packets.Publish("t", "unread", id: 2, duplicate: true));
        for (int i = 1; i <= 2; i++)
        {
            using MqttReceivedMessage again = await subscription.Messages.ReadAsync();
            again.Duplicate.ShouldBeTrue();
        }

        (await next.ReadAsync(2, type: 4)).Select(p => p.PacketId).ShouldBe(new ushort[] { 1, 2 });
    }

    [Fact]
    public async Task A_refused_filter_fails_the_call_and_leaves_nothing_subscribed()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["yes", "no"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, 1, 0x87));
        SentPacket unsubscribe = await link.ReadAsync();
        (unsubscribe.Type, unsubscribe.Filters.ShouldHaveSingleItem()).ShouldBe((10, "yes"));
        await link.SendAsync(Packets.UnsubAck(unsubscribe.PacketId, 0));

        MqttException e = await Should.ThrowAsync<MqttException>(() => subscribing.AsTask());
        e.Reason.ShouldBe(MqttReasonCode.NotAuthorized);
        e.Message.ShouldContain("'no'");
    }

    [Fact]
    public async Task Disposal_unsubscribes_what_nobody_else_wants_and_ends_the_channel()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription one) = await SubscribedAsync();
        await using MqttConnection _ = client;
        IMqttSubscription two = await SubscribeAsync(client, link, "t");
        await link.SendAsync(Packets.Publish("t", "unread", id: 5));
        await Eventually.TrueAsync(() => one.Messages.Count == 1 && two.Messages.Count == 1);
        await one.DisposeAsync();
        link.HasPacket.ShouldBeFalse();
        one.Messages.Completion.IsCompletedSuccessfully.ShouldBeTrue();
        ValueTask last = two.DisposeAsync();
        SentPacket[] packets = [await link.ReadAsync(), await link.ReadAsync()];
        SentPacket unsubscribe = packets.Single(p => p.Type == 10);
        await link.SendAsync(Packets.UnsubAck(unsubscribe.PacketId, 0));
        await last;

        unsubscribe.Filters.ShouldBe(["t"]);
        packets.Single(p => p.Type == 4).PacketId.ShouldBe((ushort)5);
        (await two.Messages.WaitToReadAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_nothing_subscribed()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        using var cancel = new CancellationTokenSource();
        Task<IMqttSubscription> subscribing = client.SubscribeAsync(["t"], cancellationToken: cancel.Token).AsTask();
        SentPacket subscribe = await link.ReadAsync();
        await cancel.CancelAsync();
        await link.SendAsync(Packets.SubAck(subscribe.PacketId, 1));
        SentPacket unsubscribe = await link.ReadAsync();
        await link.SendAsync(Packets.UnsubAck(unsubscribe.PacketId, 0));

        unsubscribe.Filters.ShouldBe(["t"]);
        await Should.ThrowAsync<OperationCanceledException>(() => subscribing);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic_on_its_connection()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription subscription) = await SubscribedAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "1", properties: [0x23, 0, 8]), Packets.Publish("", "2", properties: [0x23, 0, 8]));
        (await subscription.Messages.ReadAsync()).Topic.ShouldBe("t");
        (await subscription.Messages.ReadAsync()).Topic.ShouldBe("t");
        _broker.Jitter = 1;
        await link.SendAsync(Packets.Publish("t", "3", properties: [0x23, 0, 9]));

        await Eventually.TrueAsync(() => client.State.Error?.Reason == MqttReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public async Task What_5_says_beside_the_payload_reaches_the_reader()
    {
        (MqttConnection client, FakeLink link, IMqttSubscription subscription) = await SubscribedAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Publish("t", "1", properties: [0x03, 0, 1, (byte)'c', 0x26, 0, 1, (byte)'k', 0, 1, (byte)'v']), Packets.Publish("t", "2"));
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();

        first.Properties.ShouldNotBeNull().ContentType.ShouldBe("c");
        first.Properties.UserProperties.ShouldBe([new KeyValuePair<string, string>("k", "v")]);
        (await subscription.Messages.ReadAsync()).Properties.ShouldBeNull();
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_the_channel()
    {
        (MqttConnection client, FakeLink _, IMqttSubscription subscription) = await SubscribedAsync();
        ValueTask<bool> waiting = subscription.Messages.WaitToReadAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await client.DisposeAsync();

        (await waiting).ShouldBeFalse();
        await subscription.DisposeAsync();
    }

    private static async Task<IMqttSubscription> SubscribeAsync(MqttConnection client, FakeLink link, params string[] filters)
    {
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(filters);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, [.. filters.Select(_ => (byte)1)]));
        return await subscribing;
    }

    private async Task<(MqttConnection Client, FakeLink Link, IMqttSubscription Subscription)> SubscribedAsync()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        return (client, link, await SubscribeAsync(client, link, "t"));
    }
}
