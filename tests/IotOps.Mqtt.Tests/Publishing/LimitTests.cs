using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Publishing;

/// <summary>AWS IoT Core's quotas, kept before anything is sent.</summary>
public sealed class LimitTests
{
    private readonly FakeBroker _broker = new();

    private MqttConnectionOptions Aws => _broker.Options() with { Limits = MqttLimits.AwsIotCore };

    [Theory]
    [InlineData(257, 0, "257 bytes; the limit is 256")]
    [InlineData(256, 0, null)]
    [InlineData(20, 8, "8 slashes; the limit is 7")]
    [InlineData(20, 7, null)]
    public async Task A_topic_has_256_bytes_and_7_slashes_at_most(int length, int slashes, string? error)
    {
        await using var client = new MqttConnection(Aws);
        ValueTask publication = client.PublishAsync(new string('/', slashes) + new string('x', length - slashes), default);
        if (error is null)
        {
            publication.IsFaulted.ShouldBeFalse();
            await client.DisposeAsync();
        }

        string message = (await Should.ThrowAsync<MqttException>(() => publication.AsTask())).Message;
        message.ShouldContain(error ?? "disposed");
    }

    [Fact]
    public async Task The_levels_of_Basic_Ingest_do_not_count()
    {
        await using var client = new MqttConnection(Aws with { OfflinePolicy = MqttOfflinePolicy.Fail });

        (await RefusalAsync(client, "$aws/rules/name/1/2/3/4/5/6/7/8")).ShouldContain("connection is down");
        (await RefusalAsync(client, "$aws/rules/name/1/2/3/4/5/6/7/8/9")).ShouldContain("8 slashes");
        (await RefusalAsync(client, "$aws/things/T/shadow/name/N/update/accepted")).ShouldContain("connection is down");
    }

    [Fact]
    public async Task A_payload_has_128_KB_at_most()
    {
        await using var client = new MqttConnection(Aws with { OfflinePolicy = MqttOfflinePolicy.Fail });

        MqttException e = await Should.ThrowAsync<MqttException>(() => client.PublishAsync("t", new byte[128 * 1024 + 1]).AsTask());
        e.Message.ShouldContain("131073 bytes; the limit is 131072 (MqttLimits.PayloadBytes)");
        e.Reason.ShouldBe(MqttReasonCode.PacketTooLarge);
    }

    [Fact]
    public async Task Subscriptions_are_50_at_most_and_8_a_packet()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(Aws);
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync([.. Enumerable.Range(0, 50).Select(i => $"f/{i}")]);
        SentPacket[] packets = await link.ReadAsync(7, type: 8);
        packets.Select(p => p.Filters.Length).ShouldBe([8, 8, 8, 8, 8, 8, 2]);
        await link.SendAsync([.. packets.Select(p => Packets.SubAck(p.PacketId, new byte[p.Filters.Length]))]);
        await using IMqttSubscription subscription = await subscribing;

        MqttException e = await Should.ThrowAsync<MqttException>(() => client.SubscribeAsync(["one more"]).AsTask());
        e.Message.ShouldContain("51 topic filters would be subscribed; the limit is 50 (MqttLimits.Subscriptions)");
    }

    [Theory]
    [InlineData(29)]
    [InlineData(1201)]
    public void A_keep_alive_is_30_to_1200_seconds(int seconds) =>
        Should.Throw<MqttException>(() => new MqttConnection(Aws with { KeepAlive = TimeSpan.FromSeconds(seconds) })).Message.ShouldContain("MinKeepAlive");

    [Fact]
    public void A_client_id_has_128_bytes_at_most() =>
        Should.Throw<MqttException>(() => new MqttConnection(Aws with { ClientId = new string('x', 129) })).Message.ShouldContain("129 bytes; the limit is 128");

    [Fact]
    public async Task Of_101_publications_the_last_waits_a_second_and_none_fails()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(Aws with { MaxInFlight = 10_000 });
        await using MqttConnection _ = client;
        Task[] publications = [.. Enumerable.Range(0, 101).Select(_ => client.PublishAsync("t", default, MqttQualityOfService.AtMostOnce).AsTask())];
        await link.ReadAsync(100, type: 3);
        link.HasPacket.ShouldBeFalse();
        publications[^1].IsCompleted.ShouldBeFalse();
        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        await link.ReadAsync(1, type: 3);

        await Task.WhenAll(publications);
    }

    [Fact]
    public async Task A_hundred_unacknowledged_are_the_most()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(
            Aws with { MaxInFlight = 10_000, Limits = MqttLimits.AwsIotCore with { PublishesPerSecond = 0 } });
        await using MqttConnection _ = client;
        Task[] publications = [.. Enumerable.Range(0, 101).Select(_ => client.PublishAsync("t", default).AsTask())];
        SentPacket[] sent = await link.ReadAsync(100, type: 3);
        link.HasPacket.ShouldBeFalse();
        client.InFlight.ShouldBe(100);
        await link.SendAsync([.. sent.Select(p => Packets.PubAck(p.PacketId))]);
        await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId));

        await Task.WhenAll(publications);
    }

    [Fact]
    public void Never_more_than_the_rate_within_any_second()
    {
        var time = new ManualTimeProvider();
        var pacer = new PublishPacer(100, 0, time);
        List<long> sent = [];
        var random = new Random(7);
        while (sent.Count < 2000)
        {
            if (pacer.TryTake(1, out TimeSpan wait))
            {
                sent.Add(time.GetTimestamp());
                time.Advance(TimeSpan.FromMilliseconds(random.Next(4)));
            }
            else
            {
                time.Advance(wait);
            }
        }

        for (int i = 100; i < sent.Count; i++)
        {
            (sent[i] - sent[i - 100]).ShouldBeGreaterThanOrEqualTo(TimeSpan.TicksPerSecond);
        }

        time.GetElapsedTime(0).TotalSeconds.ShouldBeLessThan(21);
    }

    [Fact]
    public void Bytes_are_averaged_over_a_second()
    {
        var time = new ManualTimeProvider();
        var pacer = new PublishPacer(0, 512 * 1024, time);
        long bytes = 0;
        while (time.GetElapsedTime(0) < TimeSpan.FromSeconds(10))
        {
            if (pacer.TryTake(100_000, out TimeSpan wait))
            {
                bytes += 100_000;
            }
            else
            {
                wait.ShouldBeGreaterThan(TimeSpan.Zero);
                time.Advance(wait);
            }
        }

        bytes.ShouldBeInRange(10 * 512 * 1024, 11 * 512 * 1024 + 100_000);
    }

    private static async Task<string> RefusalAsync(MqttConnection client, string topic) =>
        (await Should.ThrowAsync<MqttException>(() => client.PublishAsync(topic, default).AsTask())).Message;
}
