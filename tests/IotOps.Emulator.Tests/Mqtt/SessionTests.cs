namespace IotOps.Emulator.Tests.Mqtt;

public sealed class SessionTests : MqttTestBase
{
    private const string AnHour = "11 00 00 0E 10";

    private protected override EmulatedMqttOptions Options => new() { MaxQueuedMessages = 3 };

    [Fact]
    public async Task What_was_missed_comes_with_the_session()
    {
        using (RawClient first = await Connect311Async("c", clean: false))
        {
            await SubscribeAsync(first, v5: false, "t");
            await first.SendAsync("E0 00");
            await first.ExpectEndAsync();
        }

        await Emulator.Mqtt.WaitForDepartureAsync("c");
        Emulator.Mqtt.Publish("t", "1");
        Emulator.Mqtt.Publish("t", "lost: QoS 0", qos: 0);
        Emulator.Mqtt.Publish("t", "2");

        using RawClient back = await Connect311Async("c", clean: false, present: true);
        await back.ExpectAsync(Wire.Publish("t", "1", id: 1));
        await back.ExpectAsync(Wire.Publish("t", "2", id: 2));
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_with_its_id_and_DUP_before_anything_newer()
    {
        using (RawClient first = await Connect5Async("c", properties: AnHour))
        {
            await SubscribeAsync(first, v5: true, "t");
            Emulator.Mqtt.Publish("t", "1");
            Emulator.Mqtt.Publish("t", "2");
            await first.ExpectAsync(Wire.Publish("t", "1", 1, ""));
            await first.ExpectAsync(Wire.Publish("t", "2", 2, ""));
            await first.SendAsync("40 02 00 01");
            await first.PingAsync();
        }

        await Emulator.Mqtt.WaitForDepartureAsync("c");
        Emulator.Mqtt.Publish("t", "3");
        Emulator.Mqtt.PendingMessages("c").ShouldBe(2);

        using RawClient back = await Connect5Async("c", clean: false, properties: AnHour);
        await back.ExpectAsync(Wire.Publish("t", "2", 2, "", flags: 8));
        await back.ExpectAsync(Wire.Publish("t", "3", 3, ""));
    }

    [Fact]
    public async Task A_clean_start_forgets()
    {
        using (RawClient first = await Connect5Async("c", properties: AnHour))
        {
            await SubscribeAsync(first, v5: true, "t");
        }

        await Emulator.Mqtt.WaitForDepartureAsync("c");
        Emulator.Mqtt.Publish("t", "1");

        using RawClient back = await Connect5Async("c", clean: true);
        Emulator.Mqtt.Publish("t", "2");
        await back.PingAsync();
        Emulator.Mqtt.Clients.ShouldHaveSingleItem().SessionPresent.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("11 00 00 00 0A", 10)]
    [InlineData("11 FF FF FF FF", 7 * 24 * 3_600)]
    public async Task A_session_ends_when_its_time_is_up(string properties, int seconds)
    {
        (RawClient first, byte[] told) = await RawClient.Connect5Async(Emulator, "c", properties: properties);
        first.Dispose();
        await Emulator.Mqtt.WaitForDepartureAsync("c");
        if (seconds > 0)
        {
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Emulator.Mqtt.Sessions.ShouldBe(["c"]);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Emulator.Mqtt.Sessions.ShouldBeEmpty();
        Convert.ToHexString(told).Contains("1100093A80", StringComparison.Ordinal).ShouldBe(seconds > 10, "an expiry that was cut is told");
    }

    [Fact]
    public async Task A_disconnect_may_change_how_long_the_session_stays()
    {
        using RawClient client = await Connect5Async("c", properties: AnHour);
        await client.SendAsync("E0 07 00 05 11 00 00 00 00");
        await client.ExpectEndAsync();
        await Emulator.Mqtt.WaitForDepartureAsync("c");
        Emulator.Mqtt.Sessions.ShouldBeEmpty();

        using RawClient clean = await Connect5Async("c");
        await clean.SendAsync("E0 07 00 05 11 00 00 00 0A");
        await clean.ExpectAsync("E0 01 82");
    }

    [Fact]
    public async Task The_queue_of_a_session_is_bounded_and_what_does_not_fit_is_counted()
    {
        using (RawClient first = await Connect5Async("c", properties: AnHour))
        {
            await SubscribeAsync(first, v5: true, "t");
        }

        await Emulator.Mqtt.WaitForDepartureAsync("c");
        for (int i = 1; i <= 5; i++)
        {
            Emulator.Mqtt.Publish("t", i.ToString());
        }

        (Emulator.Mqtt.PendingMessages("c"), Emulator.Mqtt.DroppedMessages).ShouldBe((3, 2));
    }

    [Fact]
    public async Task Not_more_than_the_clients_receive_maximum_is_under_way()
    {
        using RawClient client = await Connect5Async("c", properties: "21 00 01");
        await SubscribeAsync(client, v5: true, "t");
        Emulator.Mqtt.Publish("t", "1");
        Emulator.Mqtt.Publish("t", "2");

        await client.ExpectAsync(Wire.Publish("t", "1", 1, ""));
        await client.PingAsync();
        await client.SendAsync("40 02 00 01");
        await client.ExpectAsync(Wire.Publish("t", "2", 2, ""));
    }

    [Fact]
    public async Task A_will_is_published_unless_the_client_says_that_it_leaves()
    {
        using RawClient watcher = await Connect311Async("w");
        await SubscribeAsync(watcher, v5: false, "gone");
        byte[] will = [0, .. Wire.Text("gone"), .. Wire.Text("c")];

        using (RawClient polite = await RawClient.OpenAsync(Emulator))
        {
            await polite.SendAsync([.. Wire.Connect5("c", flags: 0x0C, end: will), 0xE0, 0]);
            await polite.ReadAsync();
            await polite.ExpectEndAsync();
        }

        using (RawClient asking = await RawClient.OpenAsync(Emulator))
        {
            await asking.SendAsync([.. Wire.Connect5("c", flags: 0x0C, end: will), 0xE0, 1, 4]);
            await asking.ReadAsync();
            await asking.ExpectEndAsync();
        }

        await watcher.ExpectAsync(Wire.Publish("gone", "c", id: 1));
        RawClient cut = await RawClient.OpenAsync(Emulator);
        await cut.SendAsync(Wire.Connect5("c", flags: 0x0C, end: will));
        await cut.ReadAsync();
        cut.Dispose();
        await watcher.ExpectAsync(Wire.Publish("gone", "c", id: 2));
    }

    [Fact]
    public async Task A_will_waits_for_its_delay_and_not_beyond_the_session()
    {
        using RawClient watcher = await Connect311Async("w");
        await SubscribeAsync(watcher, v5: false, "gone");
        byte[] will = [5, 0x18, 0, 0, 0, 60, .. Wire.Text("gone"), .. Wire.Text("c")];
        foreach (int expiry in new[] { 100, 20 })
        {
            using (RawClient client = await RawClient.OpenAsync(Emulator))
            {
                await client.SendAsync(Wire.Connect5("c", properties: $"11 00 00 00 {expiry:X2}", flags: 0x0C, end: will));
                await client.ReadAsync();
            }

            await Emulator.Mqtt.WaitForDepartureAsync("c");
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(expiry, 60) - 1));
            await watcher.PingAsync();
            Clock.Advance(TimeSpan.FromSeconds(1));
            await watcher.ExpectAsync(Wire.Publish("gone", "c", id: expiry == 100 ? (ushort)1 : (ushort)2));
        }
    }

    [Fact]
    public async Task A_stopped_listener_comes_back_on_the_same_port_with_or_without_the_sessions()
    {
        int port = Emulator.Mqtt.Port;
        using (RawClient first = await Connect5Async("c", properties: AnHour))
        {
            await SubscribeAsync(first, v5: true, "t");
            using RawClient silent = await RawClient.OpenAsync(Emulator);
            Emulator.Mqtt.StopListening();
            await first.ExpectEndAsync();
            await silent.ExpectEndAsync();
            await Should.ThrowAsync<System.Net.Sockets.SocketException>(() => RawClient.OpenAsync(Emulator));
        }

        Emulator.Mqtt.Publish("t", "meanwhile");
        Emulator.Mqtt.StartListening();
        Emulator.Mqtt.Port.ShouldBe(port);
        using (RawClient back = await Connect5Async("c", clean: false, properties: AnHour))
        {
            await back.ExpectAsync(Wire.Publish("t", "meanwhile", 1, ""));
        }

        Emulator.Mqtt.StopListening(keepSessions: false);
        Emulator.Mqtt.Sessions.ShouldBeEmpty();
        Emulator.Mqtt.StartListening();
        using RawClient stranger = await Connect311Async("c", clean: false, present: false);
    }

    [Fact]
    public async Task A_client_can_be_sent_away_and_cut_off()
    {
        using RawClient five = await Connect5Async("five");
        using RawClient three = await Connect311Async("three");
        using RawClient cut = await Connect5Async("cut");

        Emulator.Mqtt.Disconnect("five").ShouldBeTrue();
        Emulator.Mqtt.Disconnect("three", 0x8B).ShouldBeTrue();
        Emulator.Mqtt.Cut("cut").ShouldBeTrue();

        await five.ExpectAsync("E0 01 98");
        await three.ExpectEndAsync();
        await cut.ExpectEndAsync();
        Emulator.Mqtt.Disconnect("nobody").ShouldBeFalse();
    }
}
