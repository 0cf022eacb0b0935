namespace IotOps.Emulator.Tests.Mqtt;

public sealed class PublishTests : MqttTestBase
{
    [Fact]
    public async Task QoS_0_and_1_reach_a_subscriber_byte_for_byte()
    {
        using RawClient subscriber = await Connect311Async("s");
        using RawClient publisher = await Connect311Async("p");
        await subscriber.SendAsync("82 0A 00 05 00 01 'a' 00 00 01 'b' 01");
        await subscriber.ExpectAsync("90 04 00 05 00 01");

        await publisher.SendAsync("30 05 00 01 'a' 'hi'");
        await subscriber.ExpectAsync("30 05 00 01 'a' 'hi'");
        await publisher.SendAsync("32 06 00 01 'b' 00 09 'x'");
        await publisher.ExpectAsync("40 02 00 09");
        await subscriber.ExpectAsync("32 06 00 01 'b' 00 01 'x'");
        await publisher.SendAsync("32 06 00 01 'a' 00 0A 'y'");
        await publisher.ExpectAsync("40 02 00 0A");
        await subscriber.ExpectAsync("30 04 00 01 'a' 'y'");

        Emulator.Mqtt.Received.Select(m => (m.Topic, m.Text, m.QoS, m.ClientId, m.PacketId))
            .ShouldBe([("a", "hi", 0, "p", 0), ("b", "x", 1, "p", 9), ("a", "y", 1, "p", 10)]);
    }

    [Fact]
    public async Task A_packet_may_come_byte_by_byte_and_several_at_once()
    {
        using RawClient client = await Connect311Async("c");
        foreach (byte b in Wire.Subscribe(v5: false, 1, "t"))
        {
            await client.SendAsync([b]);
        }

        await client.ExpectAsync("90 03 00 01 01");
        await client.SendAsync([.. Wire.Publish("t", "1"), .. Wire.Publish("t", "2"), .. Wire.Bytes("C0 00"), .. Wire.Publish("t", "3")]);

        await client.ExpectAsync("30 04 00 01 't1'");
        await client.ExpectAsync("30 04 00 01 't2'");
        await client.ExpectAsync("D0 00");
        await client.ExpectAsync("30 04 00 01 't3'");
    }

    [Fact]
    public async Task The_properties_of_MQTT_5_go_on_to_MQTT_5_and_are_left_out_for_3_1_1()
    {
        using RawClient five = await Connect5Async("five");
        using RawClient three = await Connect311Async("three");
        await SubscribeAsync(five, v5: true, "t");
        await SubscribeAsync(three, v5: false, "t");

        // UTF-8, content type, response topic, correlation data, a user property.
        const string Properties = "01 01 03 00 01 'j' 08 00 01 'r' 09 00 02 CA FE 26 00 01 'k' 00 01 'v'";
        await five.SendAsync(Wire.Publish("t", "m", id: 7, properties: Properties));

        await five.ExpectAsync(Wire.Publish("t", "m", id: 1, properties: Properties));
        await five.ExpectAsync("40 02 00 07");
        await three.ExpectAsync(Wire.Publish("t", "m", id: 1));
    }

    [Fact]
    public async Task A_publisher_learns_that_nobody_listens()
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync(Wire.Publish("t", "m", id: 1, properties: ""));

        await client.ExpectAsync("40 03 00 01 10");
    }

    [Fact]
    public async Task One_client_gets_a_message_once_with_the_best_QoS_of_its_filters()
    {
        using RawClient client = await Connect311Async("c");
        await client.SendAsync("82 12 00 01 00 03 'a/+' 00 00 03 'a/b' 01 00 01 '#' 00");
        await client.ExpectAsync("90 05 00 01 00 01 00");

        Emulator.Mqtt.Publish("a/b", "m");

        await client.ExpectAsync(Wire.Publish("a/b", "m", id: 1));
        await client.PingAsync();
    }

    [Fact]
    public async Task Wildcards_do_not_reach_below_a_dollar()
    {
        using RawClient wild = await Connect311Async("wild");
        using RawClient named = await Connect311Async("named");
        await SubscribeAsync(wild, v5: false, "#", "+/events/job/x");
        await SubscribeAsync(named, v5: false, "$aws/events/job/#");

        Emulator.Mqtt.Publish("$aws/events/job/x", "m");

        await named.ExpectAsync(Wire.Publish("$aws/events/job/x", "m", id: 1));
        await wild.PingAsync();
    }

    [Fact]
    public async Task No_local_keeps_a_clients_own_messages_from_it()
    {
        using RawClient client = await Connect5Async("c");
        await client.SendAsync(Wire.Subscribe(v5: true, 4, "t"));
        await client.ExpectAsync("90 04 00 01 00 00");

        await client.SendAsync(Wire.Publish("t", "own", properties: ""));
        Emulator.Mqtt.Publish("t", "other", qos: 0);

        await client.ExpectAsync(Wire.Publish("t", "other", properties: ""));
    }

    [Fact]
    public async Task Unsubscribing_ends_deliveries_and_tells_what_there_was()
    {
        using RawClient client = await Connect5Async("c");
        await SubscribeAsync(client, v5: true, "t");

        await client.SendAsync("A2 09 00 02 00 00 01 't' 00 01 'u'");
        await client.ExpectAsync("B0 05 00 02 00 00 11");
        Emulator.Mqtt.Publish("t", "m");

        await client.PingAsync();
    }

    [Fact]
    public async Task QoS_2_is_refused_as_AWS_refuses_it()
    {
        using RawClient three = await Connect311Async("three");
        await three.SendAsync("34 06 00 01 'a' 00 09 'x'");
        await three.SendAsync("82 06 00 05 00 01 'a' 02");
        await three.PingAsync();

        using RawClient five = await Connect5Async("five");
        await five.SendAsync("82 07 00 05 00 00 01 'a' 02");
        await five.ExpectAsync("90 04 00 05 00 01");
        await five.SendAsync("34 07 00 01 'a' 00 09 00 'x'");
        await five.ExpectAsync("E0 01 9B");
        await five.ExpectEndAsync();
        Emulator.Mqtt.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Retained_messages_wait_for_new_subscribers()
    {
        using RawClient publisher = await Connect311Async("p");
        await publisher.SendAsync([.. Wire.Publish("r/a", "1", id: 1, flags: 1), .. Wire.Publish("r/b", "2", id: 2, flags: 1), .. Wire.Publish("r/b", "", id: 3, flags: 1)]);
        await publisher.ExpectAsync("40 02 00 01");
        await publisher.ExpectAsync("40 02 00 02");
        await publisher.ExpectAsync("40 02 00 03");

        using RawClient subscriber = await Connect5Async("s");
        await SubscribeAsync(subscriber, v5: true, "r/+");
        await subscriber.ExpectAsync(Wire.Publish("r/a", "1", id: 1, properties: "", flags: 1));

        // Retain handling 1: not again for a subscription that is there.
        await subscriber.SendAsync(Wire.Subscribe(v5: true, 0x11, "r/+"));
        await subscriber.ExpectAsync("90 04 00 01 00 01");
        Emulator.Mqtt.Publish("r/a", "new", qos: 0, retain: true);
        await subscriber.ExpectAsync(Wire.Publish("r/a", "new", properties: ""));
    }

    [Fact]
    public async Task Topic_aliases_work_in_both_directions()
    {
        using RawClient client = await Connect5Async("c", properties: "22 00 01");
        await SubscribeAsync(client, v5: true, "t", "u");

        await client.SendAsync(Wire.Publish("t", "1", properties: "23 00 08"));
        await client.SendAsync(Wire.Publish("", "2", properties: "23 00 08"));

        await client.ExpectAsync(Wire.Publish("t", "1", properties: "23 00 01"));
        await client.ExpectAsync(Wire.Publish("", "2", properties: "23 00 01"));
        Emulator.Mqtt.Publish("u", "no alias is left", qos: 0);
        await client.ExpectAsync(Wire.Publish("u", "no alias is left", properties: ""));
    }

    [Theory]
    [InlineData("23 00 09", "E0 01 94")]
    [InlineData("23 00 00", "E0 01 94")]
    [InlineData("23 00 01", "E0 01 82")]
    [InlineData("", "E0 01 82")]
    public async Task An_alias_that_stands_for_nothing_ends_the_connection(string properties, string answer)
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync(Wire.Publish("", "1", properties: properties));

        await client.ExpectAsync(answer);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task The_expiry_of_a_message_counts_down_and_ends_it()
    {
        using RawClient publisher = await Connect5Async("p");
        using (RawClient away = await Connect5Async("s", clean: false, properties: "11 00 00 0E 10"))
        {
            await SubscribeAsync(away, v5: true, "t");
        }

        await Emulator.Mqtt.WaitForDepartureAsync("s");
        await publisher.SendAsync([.. Wire.Publish("t", "short", 1, "02 00 00 00 0A"), .. Wire.Publish("t", "long", 2, "02 00 00 00 3C")]);
        await publisher.ExpectAsync("40 02 00 01");
        await publisher.ExpectAsync("40 02 00 02");
        Clock.Advance(TimeSpan.FromSeconds(10));

        using RawClient back = await Connect5Async("s", clean: false, properties: "11 00 00 0E 10");
        await back.ExpectAsync(Wire.Publish("t", "long", 2, "02 00 00 00 32"));
    }

    [Fact]
    public async Task A_packet_larger_than_the_client_takes_is_dropped_and_counted()
    {
        using RawClient client = await Connect5Async("c", properties: "27 00 00 00 14");
        await SubscribeAsync(client, v5: true, "t");

        Emulator.Mqtt.Publish("t", new string('x', 30));
        Emulator.Mqtt.Publish("t", "fits");

        await client.ExpectAsync(Wire.Publish("t", "fits", 2, ""));
        Emulator.Mqtt.DroppedMessages.ShouldBe(1);
    }
}
