using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Sessions;

/// <summary>What becomes of publications and subscriptions over a lost connection.</summary>
public sealed class ReconnectingTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task Unacknowledged_are_sent_again_first_in_order_with_their_ids_and_DUP_when_the_session_is_there()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task[] before = [.. Enumerable.Range(0, 5).Select(i => client.PublishAsync($"t/{i}", default).AsTask())];
        SentPacket[] sent = await link.ReadAsync(5, type: 3);
        await link.SendAsync(Packets.PubAck(sent[1].PacketId));
        await before[1];
        await BreakAsync(client, link);
        Task after = client.PublishAsync("after", default).AsTask();
        FakeLink next = await ReconnectAsync(Packets.ConnAck(sessionPresent: true));
        SentPacket[] again = await next.ReadAsync(5, type: 3);

        again[..4].Select(p => (p.Topic, p.PacketId, p.Duplicate)).ShouldBe(
            new[] { 0, 2, 3, 4 }.Select(i => (sent[i].Topic, sent[i].PacketId, true)));
        (again[4].Topic, again[4].Duplicate).ShouldBe(("after", false));
        sent.ShouldAllBe(p => p.PacketId != again[4].PacketId || p == sent[1]);
        await next.SendAsync([.. again.Select(p => Packets.PubAck(p.PacketId))]);
        await Task.WhenAll([.. before, after]);
    }

    [Fact]
    public async Task Sending_again_keeps_to_a_smaller_window()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task[] publications = [.. Enumerable.Range(0, 3).Select(i => client.PublishAsync($"t/{i}", default).AsTask())];
        await link.ReadAsync(3, type: 3);
        await BreakAsync(client, link);
        FakeLink next = await ReconnectAsync(Packets.ConnAck(sessionPresent: true, properties: [0x21, 0, 1]));
        for (int i = 0; i < 3; i++)
        {
            SentPacket sent = await next.ReadAsync();
            (sent.Topic, sent.Duplicate).ShouldBe(($"t/{i}", true));
            next.HasPacket.ShouldBeFalse();
            await next.SendAsync(Packets.PubAck(sent.PacketId));
        }

        await Task.WhenAll(publications);
    }

    [Fact]
    public async Task A_lost_session_is_subscribed_again_before_anything_is_sent_and_unacknowledged_go_anew()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync([.. Enumerable.Range(0, 100).Select(i => $"f/{i}")]);
        foreach (SentPacket subscribe in await link.ReadAsync(2, type: 8))
        {
            await link.SendAsync(Packets.SubAck(subscribe.PacketId, [.. subscribe.Filters.Select(f => (byte)1)]));
        }

        await using IMqttSubscription subscription = await subscribing;
        Task unacknowledged = client.PublishAsync("unacknowledged", default).AsTask();
        await link.ReadAsync();
        await BreakAsync(client, link);
        Task queued = client.PublishAsync("queued", default).AsTask();
        FakeLink next = await ReconnectAsync(Packets.ConnAck());
        SentPacket[] subscribes = await next.ReadAsync(2, type: 8);
        subscribes.SelectMany(s => s.Filters).ShouldBe(subscription.TopicFilters, ignoreOrder: true);
        next.HasPacket.ShouldBeFalse();
        client.State.Status.ShouldBe(MqttConnectionStatus.Connecting);
        foreach (SentPacket subscribe in subscribes)
        {
            await next.SendAsync(Packets.SubAck(subscribe.PacketId, [.. subscribe.Filters.Select(f => (byte)1)]));
        }

        SentPacket[] sent = await next.ReadAsync(2, type: 3);
        sent.Select(p => (p.Topic, p.Duplicate)).ShouldBe([("unacknowledged", false), ("queued", false)]);
        await next.SendAsync([.. sent.Select(p => Packets.PubAck(p.PacketId))]);
        await Task.WhenAll(unacknowledged, queued);
        client.State.ShouldSatisfyAllConditions(s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(2), s => s.SessionPresent.ShouldBeFalse());
    }

    [Fact]
    public async Task A_session_that_is_there_is_not_subscribed_again()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["f"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, 1));
        await subscribing;
        await BreakAsync(client, link);
        FakeLink next = await ReconnectAsync(Packets.ConnAck(sessionPresent: true));
        Task publication = client.PublishAsync("t", default).AsTask();
        SentPacket first = await next.ReadAsync();
        first.Type.ShouldBe(3);
        await next.SendAsync(Packets.PubAck(first.PacketId));
        await publication;
    }

    [Fact]
    public async Task A_subscription_under_way_when_the_link_breaks_is_made_on_the_next()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["f"]);
        (await link.ReadAsync()).Type.ShouldBe(8);
        await BreakAsync(client, link);
        FakeLink next = await ReconnectAsync(Packets.ConnAck(sessionPresent: true));
        SentPacket subscribe = await next.ReadAsync();
        subscribe.Filters.ShouldBe(["f"]);
        await next.SendAsync(Packets.SubAck(subscribe.PacketId, 1));

        await using IMqttSubscription subscription = await subscribing;
    }

    [Fact]
    public async Task A_takeover_is_not_fought()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        await link.SendAsync(Packets.Disconnect(0x8E));
        await WaitsAsync(client);
        client.State.Error!.Reason.ShouldBe(MqttReasonCode.SessionTakenOver);
        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        await Task.Yield();
        _broker.Dials.ShouldBe(1);
        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        await _broker.WelcomeAsync();
    }

    [Theory]
    [InlineData(MqttOfflinePolicy.Fail, false, false)]
    [InlineData(MqttOfflinePolicy.KeepQoS1, false, true)]
    [InlineData(MqttOfflinePolicy.KeepNewestPerTopic, true, true)]
    public async Task The_offline_policy_says_what_may_wait(MqttOfflinePolicy policy, bool qos0Waits, bool qos1Waits)
    {
        await using var client = new MqttConnection(_broker.Options() with { OfflinePolicy = policy });
        ValueTask qos0 = client.PublishAsync("zero", default, MqttQualityOfService.AtMostOnce);
        ValueTask qos1 = client.PublishAsync("one", default);
        qos0.IsFaulted.ShouldBe(!qos0Waits);
        qos1.IsFaulted.ShouldBe(!qos1Waits);
        client.Queued.ShouldBe((qos0Waits ? 1 : 0) + (qos1Waits ? 1 : 0));
        await client.DisposeAsync();

        await Should.ThrowAsync<MqttException>(() => qos0.AsTask());
        await Should.ThrowAsync<MqttException>(() => qos1.AsTask());
    }

    [Fact]
    public async Task Of_each_topic_the_newest_waits_and_the_older_are_told()
    {
        await using var client = new MqttConnection(_broker.Options() with { OfflinePolicy = MqttOfflinePolicy.KeepNewestPerTopic });
        Task[] states = [.. Enumerable.Range(0, 100).Select(i => client.PublishAsync("state", BitConverter.GetBytes(i)).AsTask())];
        Task other = client.PublishAsync("other", default).AsTask();
        client.Queued.ShouldBe(2);
        foreach (Task older in states[..^1])
        {
            (await Should.ThrowAsync<MqttException>(() => older)).Message.ShouldContain("superseded");
        }

        _ = client.ConnectAsync();
        FakeLink link = await _broker.WelcomeAsync();
        SentPacket[] sent = await link.ReadAsync(2, type: 3);
        sent.Select(p => p.Topic).ShouldBe(["state", "other"]);
        await link.SendAsync([.. sent.Select(p => Packets.PubAck(p.PacketId))]);
        await Task.WhenAll(states[^1], other);
    }

    [Fact]
    public async Task Nothing_is_kept_beyond_the_bytes_allowed()
    {
        await using var client = new MqttConnection(_broker.Options() with { QueueLimitBytes = 10_000 });
        Task[] publications = [.. Enumerable.Range(0, 100).Select(_ => client.PublishAsync("t", new byte[872]).AsTask())];

        publications.Count(p => p.IsFaulted).ShouldBe(91);
        MqttException e = await Should.ThrowAsync<MqttException>(() => publications[^1]);
        e.Message.ShouldContain("QueueLimitBytes is 10000");
        (e.Reason, e.IsTransient).ShouldBe((MqttReasonCode.QuotaExceeded, true));
        await client.DisposeAsync();
        foreach (Task waiting in publications)
        {
            await Should.ThrowAsync<MqttException>(() => waiting);
        }
    }

    [Fact]
    public async Task Under_the_policy_Fail_what_the_broker_forgot_fails()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { OfflinePolicy = MqttOfflinePolicy.Fail });
        await using MqttConnection _ = client;
        Task publication = client.PublishAsync("t", default).AsTask();
        await link.ReadAsync();
        await BreakAsync(client, link);
        publication.IsCompleted.ShouldBeFalse();
        await ReconnectAsync(Packets.ConnAck());

        (await Should.ThrowAsync<MqttException>(() => publication)).Message.ShouldContain("lost the session");
    }

    [Fact]
    public async Task A_QoS_0_publication_that_was_not_written_fails_with_the_link()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        link.Stream.Stall = new TaskCompletionSource();
        Task first = client.PublishAsync("t", default, MqttQualityOfService.AtMostOnce).AsTask();
        Task second = client.PublishAsync("t", default, MqttQualityOfService.AtMostOnce).AsTask();
        link.Reset();

        await Should.ThrowAsync<MqttException>(() => first);
        await Should.ThrowAsync<MqttException>(() => second);
    }

    private static async Task WaitsAsync(MqttConnection client) =>
        await Eventually.TrueAsync(() => client.State.Status == MqttConnectionStatus.Disconnected);

    private async Task BreakAsync(MqttConnection client, FakeLink link)
    {
        _broker.Jitter = 1;
        link.Reset();
        await WaitsAsync(client);
        await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
    }

    private async Task<FakeLink> ReconnectAsync(byte[] connAck)
    {
        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        return await _broker.WelcomeAsync(connAck);
    }
}
