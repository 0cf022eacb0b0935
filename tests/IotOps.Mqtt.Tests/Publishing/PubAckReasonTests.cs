using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Publishing;

/// <summary>Whatever a PUBACK says, it ends the publication that it is for, and that is not sent again.</summary>
public sealed class PubAckReasonTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task Any_reason_from_0x80_fails_it_and_any_below_is_success_on_the_same_connection()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        for (int reason = 0; reason <= 0xFF; reason++)
        {
            Task publication = client.PublishAsync("a", default).AsTask();
            await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId, (byte)reason));
            if (reason < 0x80)
            {
                await publication.WaitAsync(FakeBroker.Patience, TimeProvider.System);
            }
            else
            {
                MqttException error = await Should.ThrowAsync<MqttException>(() => publication.WaitAsync(FakeBroker.Patience, TimeProvider.System));
                error.Reason.ShouldBe((MqttReasonCode)reason);
                error.Message.ShouldContain("'a'");
            }
        }

        _broker.Dials.ShouldBe(1);
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x55, 0x07 })]
    [InlineData(new byte[] { 0x87, 0x00, 0x07 })]
    [InlineData(new byte[] { 0x87, 0x03, 0x1F, 0x00, 0x09 })]
    public async Task One_that_can_be_read_no_further_than_its_id_fails_it_too(byte[] rest)
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task publication = client.PublishAsync("a", default).AsTask();
        ushort id = (await link.ReadAsync()).PacketId;
        await link.SendAsync(Packets.Packet(0x40, [(byte)(id >> 8), (byte)id, .. rest]));
        (await Should.ThrowAsync<MqttException>(() => publication.WaitAsync(FakeBroker.Patience, TimeProvider.System))).Message.ShouldContain("'a'");
        FakeLink next = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        Task after = client.PublishAsync("b", default).AsTask();
        SentPacket sent = await next.ReadAsync();
        sent.Topic.ShouldBe("b");
        await next.SendAsync(Packets.PubAck(sent.PacketId));

        await after;
    }

    [Fact]
    public async Task A_publication_that_the_broker_never_acknowledges_is_given_up_in_the_end()
    {
        MqttConnectionOptions options = _broker.Options() with { KeepAlive = TimeSpan.FromSeconds(600), AcknowledgeTimeout = TimeSpan.FromSeconds(60) };
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(options);
        await using MqttConnection _ = client;
        Task publication = client.PublishAsync("ignored", default).AsTask();
        for (int i = 0; i < 4; i++)
        {
            (await link.ReadAsync()).Type.ShouldBe(3, $"connection {i + 1}");
            await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
            _broker.Time.Advance(TimeSpan.FromSeconds(60));
            (await link.ReadAsync()).Type.ShouldBe(12);
            await link.SendAsync(Packets.PingResp);

            // The answer is known to be read when what follows it is.
            await link.SendAsync(Packets.Publish("nobody", "", id: 9));
            (await link.ReadAsync()).Type.ShouldBe(4);

            await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
            _broker.Time.Advance(TimeSpan.FromSeconds(30));
            link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        }

        (await Should.ThrowAsync<MqttException>(() => publication.WaitAsync(FakeBroker.Patience, TimeProvider.System))).Message.ShouldContain("'ignored'");
    }
}
