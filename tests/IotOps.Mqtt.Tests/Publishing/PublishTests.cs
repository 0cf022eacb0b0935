using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Publishing;

/// <summary>Publications on a connection that holds.</summary>
public sealed class PublishTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task QoS_0_completes_when_it_is_written()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        await client.PublishAsync("a/b", "hello"u8.ToArray(), MqttQualityOfService.AtMostOnce);

        (await link.ReadAsync()).Bytes.ShouldBe([0x30, 11, 0, 3, (byte)'a', (byte)'/', (byte)'b', 0, .. "hello"u8]);
    }

    [Fact]
    public async Task QoS_1_completes_on_its_PUBACK_and_on_no_other()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task first = client.PublishAsync("a", "1"u8.ToArray()).AsTask();
        Task second = client.PublishAsync("a", "2"u8.ToArray()).AsTask();
        SentPacket[] sent = await link.ReadAsync(2, type: 3);
        await link.SendAsync(Packets.PubAck(99), Packets.PubAck(sent[1].PacketId));
        await second;
        first.IsCompleted.ShouldBeFalse();
        await link.SendAsync(Packets.PubAck(sent[0].PacketId));

        await first;
        client.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        ValueTask publication = client.PublishAsync("a", "1"u8.ToArray());
        await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId, 0x87));

        MqttException e = await Should.ThrowAsync<MqttException>(() => publication.AsTask());
        e.Reason.ShouldBe(MqttReasonCode.NotAuthorized);
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task No_more_are_in_flight_than_the_broker_receives()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: Packets.ConnAck(properties: [0x21, 0, 1]));
        await using MqttConnection _ = client;
        Task[] publications = [.. Enumerable.Range(0, 3).Select(i => client.PublishAsync($"t/{i}", default).AsTask())];
        for (int i = 0; i < 3; i++)
        {
            SentPacket sent = await link.ReadAsync();
            sent.Topic.ShouldBe($"t/{i}");
            link.HasPacket.ShouldBeFalse();
            await link.SendAsync(Packets.PubAck(sent.PacketId));
        }

        await Task.WhenAll(publications);
    }

    [Fact]
    public async Task An_identifier_in_flight_is_passed_over_seventy_thousand_times()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task stuck = client.PublishAsync("stuck", default).AsTask();
        ushort taken = (await link.ReadAsync()).PacketId;
        for (int i = 0; i < 70_000; i++)
        {
            ValueTask publication = client.PublishAsync("t", default);
            ushort id = (await link.ReadAsync()).PacketId;
            id.ShouldNotBe(taken);
            id.ShouldNotBe((ushort)0);
            await link.SendAsync(Packets.PubAck(id));
            await publication;
        }

        stuck.IsCompleted.ShouldBeFalse();
        await link.SendAsync(Packets.PubAck(taken));
        await stuck;
    }

    [Fact]
    public async Task Packets_share_a_write_and_none_is_split()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { MaxInFlight = 2000 });
        await using MqttConnection _ = client;
        link.Stream.Stall = new TaskCompletionSource();
        byte[] payload = new byte[700];
        Task[] publications = [.. Enumerable.Range(0, 1000).Select(i => client.PublishAsync("t", payload, (MqttQualityOfService)(i % 2)).AsTask())];
        link.Stream.Stall.SetResult();
        SentPacket[] sent = await link.ReadAsync(1000, type: 3);
        await link.SendAsync([.. sent.Where(p => p.QoS == 1).Select(p => Packets.PubAck(p.PacketId))]);
        await Task.WhenAll(publications);

        byte[][] writes = link.Stream.Writes;
        writes.Length.ShouldBeLessThan(50);
        foreach (byte[] write in writes)
        {
            int at = 0;
            while (at < write.Length)
            {
                SentPacket.TryParse(write[at..], out SentPacket? _, out int length).ShouldBeTrue("a packet goes on in the next write");
                at += length;
            }
        }
    }

    [Fact]
    public async Task A_caller_that_gives_up_in_the_queue_is_not_sent()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: Packets.ConnAck(properties: [0x21, 0, 1]));
        await using MqttConnection _ = client;
        using var cancel = new CancellationTokenSource();
        Task first = client.PublishAsync("first", default).AsTask();
        Task gone = client.PublishAsync("gone", default, cancellationToken: cancel.Token).AsTask();
        Task last = client.PublishAsync("last", default).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => gone);
        await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId));
        SentPacket second = await link.ReadAsync();
        await link.SendAsync(Packets.PubAck(second.PacketId));

        second.Topic.ShouldBe("last");
        await Task.WhenAll(first, last);
    }

    [Fact]
    public async Task What_the_broker_does_not_take_is_refused_here()
    {
        (MqttConnection client, FakeLink _) = await _broker.ConnectAsync(connAck: Packets.ConnAck(properties: [0x24, 0, 0x25, 0, 0x27, 0, 0, 0, 64]));
        await using MqttConnection disposal = client;

        (await RefusalAsync(client, MqttQualityOfService.AtLeastOnce, 1, null)).ShouldBe(MqttReasonCode.QoSNotSupported);
        (await RefusalAsync(client, MqttQualityOfService.AtMostOnce, 1, new MqttPublishOptions { Retain = true })).ShouldBe(MqttReasonCode.RetainNotSupported);
        (await RefusalAsync(client, MqttQualityOfService.AtMostOnce, 64, null)).ShouldBe(MqttReasonCode.PacketTooLarge);
    }

    private static async Task<MqttReasonCode?> RefusalAsync(MqttConnection client, MqttQualityOfService qos, int size, MqttPublishOptions? options) =>
        (await Should.ThrowAsync<MqttException>(() => client.PublishAsync("a", new byte[size], qos, options).AsTask())).Reason;
}
