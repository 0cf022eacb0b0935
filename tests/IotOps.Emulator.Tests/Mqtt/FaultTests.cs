namespace IotOps.Emulator.Tests.Mqtt;

public sealed class FaultTests : MqttTestBase
{
    private const string AnHour = "11 00 00 0E 10";

    [Fact]
    public async Task A_connect_can_be_refused_dropped_left_unanswered_and_cut()
    {
        Emulator.Faults.Add(new Fault { Operation = "MqttConnect", When = r => r.ClientId == "refused", ReasonCode = 0x87 });
        Emulator.Faults.Add(new Fault { Operation = "MqttConnect", When = r => r.ClientId == "dropped", DropBeforeAccepting = true });
        Emulator.Faults.Add(new Fault { Operation = "MqttConnect", When = r => r.ClientId == "silent", NoAnswer = true });
        Emulator.Faults.Add(new Fault { Operation = "MqttConnect", When = r => r.ClientId == "cut", DropAfterAccepting = true });

        using RawClient five = await SendAsync(Wire.Connect5("refused"));
        await five.ExpectAsync("20 03 00 87 00");
        using RawClient three = await SendAsync(Wire.Connect311("refused"));
        await three.ExpectAsync("20 02 00 05");
        using RawClient dropped = await SendAsync(Wire.Connect311("dropped"));
        await dropped.ExpectEndAsync();
        using RawClient silent = await SendAsync(Wire.Connect311("silent"));
        await Emulator.Mqtt.WaitForClientAsync("silent");
        using RawClient cut = await SendAsync(Wire.Connect311("cut"));
        await cut.ReadAsync();
        await Emulator.Mqtt.WaitForDepartureAsync("cut");

        async Task<RawClient> SendAsync(byte[] connect)
        {
            RawClient client = await RawClient.OpenAsync(Emulator);
            await client.SendAsync(connect);
            return client;
        }
    }

    [Fact]
    public async Task Publishes_can_be_left_unacknowledged_up_to_the_receive_maximum()
    {
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "MqttPublish", Times = 101, NoAnswer = true });
        using RawClient client = await Connect5Async("c");
        for (ushort id = 1; id <= 100; id++)
        {
            await client.SendAsync(Wire.Publish("t", "m", id, ""));
        }

        await client.PingAsync();
        Emulator.Mqtt.Received.Total.ShouldBe(100);
        fault.Hits.ShouldBe(100);

        await client.SendAsync(Wire.Publish("t", "again", 1, "", flags: 8));
        await client.PingAsync();
        await client.SendAsync(Wire.Publish("t", "one too many", 101, ""));
        await client.ExpectAsync("E0 01 93");
    }

    [Fact]
    public async Task A_publish_can_be_refused_lost_doubled_and_cut_off()
    {
        using RawClient watcher = await Connect311Async("w");
        await SubscribeAsync(watcher, v5: false, "#");
        using RawClient client = await Connect5Async("c");
        Emulator.Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "refused", ReasonCode = 0x97 });
        Emulator.Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "lost", Lose = true });
        Emulator.Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "double", Twice = true });
        Emulator.Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "cut", DropAfterAccepting = true });

        await client.SendAsync([.. Wire.Publish("refused", "m", 1, ""), .. Wire.Publish("lost", "m", 2, ""), .. Wire.Publish("double", "m", 3, ""), .. Wire.Publish("cut", "m", 4, "")]);

        await client.ExpectAsync("40 03 00 01 97");
        await watcher.ExpectAsync(Wire.Publish("double", "m", 1));
        await watcher.ExpectAsync(Wire.Publish("double", "m", 2));
        await watcher.ExpectAsync(Wire.Publish("cut", "m", 3));
        while (await client.ReadAsync() is { } packet)
        {
            packet[^1].ShouldNotBe((byte)4, "the publish that was cut off is not acknowledged");
        }
    }

    [Fact]
    public async Task A_delivery_can_be_lost_until_the_session_comes_back()
    {
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "MqttDeliver", When = r => r is { ClientId: "c", Topic: "t" }, Times = 1, Lose = true });
        using (RawClient client = await Connect5Async("c", properties: AnHour))
        {
            await SubscribeAsync(client, v5: true, "t");
            Emulator.Mqtt.Publish("t", "lost");
            Emulator.Mqtt.Publish("t", "seen");
            await client.ExpectAsync(Wire.Publish("t", "seen", 2, ""));
            await client.SendAsync("40 02 00 02");
            await client.PingAsync();
        }

        await Emulator.Mqtt.WaitForDepartureAsync("c");
        using RawClient back = await Connect5Async("c", clean: false, properties: AnHour);
        await back.ExpectAsync(Wire.Publish("t", "lost", 1, "", flags: 8));
    }

    [Fact]
    public async Task A_delivery_can_come_twice_with_another_id_and_no_DUP()
    {
        Emulator.Faults.Add(new Fault { Operation = "MqttDeliver", Times = 1, Twice = true });
        using RawClient client = await Connect311Async("c");
        await SubscribeAsync(client, v5: false, "t");

        Emulator.Mqtt.Publish("t", "m");

        await client.ExpectAsync(Wire.Publish("t", "m", 1));
        await client.ExpectAsync(Wire.Publish("t", "m", 2));
        await client.SendAsync("40 02 00 01 40 02 00 02");
        await client.PingAsync();
        Emulator.Mqtt.PendingMessages("c").ShouldBe(0);
    }

    [Fact]
    public async Task A_delivery_that_is_held_back_is_overtaken()
    {
        Emulator.Faults.Add(new Fault { Operation = "MqttDeliver", Times = 1, Delay = TimeSpan.FromSeconds(5) });
        using RawClient client = await Connect311Async("c");
        await SubscribeAsync(client, v5: false, "t");
        Emulator.Mqtt.Publish("t", "late");
        Emulator.Mqtt.Publish("t", "early");

        await client.ExpectAsync(Wire.Publish("t", "early", 2));
        Clock.Advance(TimeSpan.FromSeconds(5));
        await client.ExpectAsync(Wire.Publish("t", "late", 1));
    }

    [Fact]
    public async Task A_delivery_can_cut_the_connection()
    {
        Emulator.Faults.Add(new Fault { Operation = "MqttDeliver", Times = 1, DropBeforeAccepting = true });
        using RawClient client = await Connect311Async("c");
        await SubscribeAsync(client, v5: false, "t");

        Emulator.Mqtt.Publish("t", "m");

        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Subscribes_and_pings_can_go_wrong_too()
    {
        using RawClient client = await Connect5Async("c");
        using (Emulator.Faults.Add(new Fault { Operation = "MqttSubscribe", When = r => r.Topic == "t", ReasonCode = 0x87 }))
        {
            await client.SendAsync(Wire.Subscribe(v5: true, 1, "t", "u"));
            await client.ExpectAsync("90 05 00 01 00 87 87");
        }

        using (FaultHandle unheard = Emulator.Faults.Add(new Fault { Operation = "*", Times = 2, NoAnswer = true }))
        {
            await client.SendAsync([.. Wire.Subscribe(v5: true, 1, "t"), 0xC0, 0]);
            await client.PingAsync();
            unheard.Hits.ShouldBe(2);
        }

        Emulator.Mqtt.Clients.ShouldHaveSingleItem().Subscriptions.ShouldBe(["t"]);
    }

    [Fact]
    public void A_reason_code_that_is_no_error_is_the_callers_mistake() =>
        Should.Throw<ArgumentException>(() => Emulator.Faults.Add(new Fault { Operation = "MqttConnect", ReasonCode = 1 }));
}
