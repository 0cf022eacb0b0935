using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Sessions;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Sessions;

/// <summary>Whether a link that says nothing is found, and in time.</summary>
public sealed class LivenessTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task An_idle_link_is_pinged_and_an_answer_keeps_it()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        for (int i = 0; i < 5; i++)
        {
            await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
            _broker.Time.Advance(TimeSpan.FromSeconds(27));
            (await link.ReadAsync()).Bytes.ShouldBe([0xC0, 0]);
            await link.SendAsync(Packets.PingResp);

            // The answer is known to be read when what follows it is.
            Task publication = client.PublishAsync("t", default).AsTask();
            await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId));
            await publication;
        }

        _broker.Dials.ShouldBe(1);
    }

    [Fact]
    public async Task The_brokers_keep_alive_counts()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(connAck: Packets.ConnAck(properties: [0x13, 0, 10]));
        await using MqttConnection _ = client;
        await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
        _broker.Time.Advance(TimeSpan.FromSeconds(9));

        (await link.ReadAsync()).Bytes.ShouldBe([0xC0, 0]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(59)]
    [InlineData(600)]
    public void A_half_open_link_is_found_within_one_and_a_half_keep_alives(int seconds)
    {
        var time = new ManualTimeProvider();
        var keepAlive = new KeepAlive(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(6000), time);
        TimeSpan elapsed = TimeSpan.Zero;
        int pings = 0;
        while (true)
        {
            // We keep sending: only the answers are missing.
            KeepAliveStep step = keepAlive.Next(new SendActivity(Moved: 0, LeftWrite: 0, IsBehind: false, time.GetTimestamp(), Oldest: null), 0, 0);
            if (step.Error is { } error)
            {
                error.Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
                break;
            }

            pings += step.Ping ? 1 : 0;
            time.Advance(step.Wait);
            elapsed += step.Wait;
        }

        pings.ShouldBe(1);
        elapsed.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds * 1.5));
        elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(seconds * 0.9));
    }

    [Fact]
    public void Without_a_keep_alive_only_an_overdue_acknowledgement_pings()
    {
        var time = new ManualTimeProvider();
        var keepAlive = new KeepAlive(TimeSpan.Zero, TimeSpan.FromSeconds(60), time);
        var idle = new SendActivity(Moved: 0, LeftWrite: 0, IsBehind: false, SentAt: 0, Oldest: null);
        keepAlive.Next(idle, 0, 0).Ping.ShouldBeFalse();
        time.Advance(TimeSpan.FromHours(1));
        keepAlive.Next(idle, 0, 0).Ping.ShouldBeFalse();
        keepAlive.Next(idle with { Oldest = time.GetTimestamp() - TimeSpan.FromSeconds(60).Ticks }, 0, 0).Ping.ShouldBeTrue();
    }

    [Fact]
    public async Task An_overdue_acknowledgement_is_asked_about_by_a_ping_and_then_the_connection_is_made_anew()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(
            _broker.Options() with { KeepAlive = TimeSpan.FromSeconds(600), AcknowledgeTimeout = TimeSpan.FromSeconds(60) });
        await using MqttConnection _ = client;
        Task publication = client.PublishAsync("t", default).AsTask();
        ushort id = (await link.ReadAsync()).PacketId;
        await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        (await link.ReadAsync()).Bytes.ShouldBe([0xC0, 0]);
        Task other = client.PublishAsync("t", default).AsTask();
        await link.SendAsync(Packets.PingResp, Packets.PubAck((await link.ReadAsync()).PacketId));
        await other;
        await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
        _broker.Time.Advance(TimeSpan.FromSeconds(30));
        FakeLink next = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        SentPacket again = await next.ReadAsync();

        (again.PacketId, again.Duplicate).ShouldBe((id, true));
        client.State.Error!.Message.ShouldContain("has not acknowledged");
        await next.SendAsync(Packets.PubAck(id));
        await publication;
    }
}
