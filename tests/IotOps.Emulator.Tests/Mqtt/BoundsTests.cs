namespace IotOps.Emulator.Tests.Mqtt;

public sealed class BoundsTests : MqttTestBase
{
    private protected override EmulatedMqttOptions Options => new() { MaxRetainedMessages = 2, MaxUnsentBytes = 256 << 10 };

    [Fact]
    public async Task Not_more_topics_than_allowed_have_a_retained_message()
    {
        Emulator.Mqtt.Publish("a", "1", retain: true);
        Emulator.Mqtt.Publish("b", "1", retain: true);
        Emulator.Mqtt.Publish("c", "1", retain: true);
        Emulator.Mqtt.Publish("a", "2", retain: true);
        Emulator.Mqtt.DroppedMessages.ShouldBe(1);

        using RawClient client = await Connect311Async("c");
        await SubscribeAsync(client, v5: false, "+");
        await client.ExpectAsync(Wire.Publish("a", "2", id: 1, flags: 1));
        await client.ExpectAsync(Wire.Publish("b", "1", id: 2, flags: 1));
        await client.PingAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_QoS_0_and_the_others_do_not_notice()
    {
        using RawClient deaf = await Connect311Async("deaf");
        await deaf.SendAsync(Wire.Subscribe(v5: false, 0, "t"));
        await deaf.ExpectAsync("90 03 00 01 00");
        using RawClient other = await Connect311Async("other");
        await SubscribeAsync(other, v5: false, "last");

        string large = new('x', 100_000);
        for (int i = 0; i < 200 && Emulator.Mqtt.DroppedMessages == 0; i++)
        {
            Emulator.Mqtt.Publish("t", large, qos: 0);
        }

        Emulator.Mqtt.DroppedMessages.ShouldBeGreaterThan(0);
        Emulator.Mqtt.Publish("last", "m");
        await other.ExpectAsync(Wire.Publish("last", "m", id: 1));
    }
}
