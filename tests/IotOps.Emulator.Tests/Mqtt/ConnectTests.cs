namespace IotOps.Emulator.Tests.Mqtt;

public sealed class ConnectTests : MqttTestBase
{
    [Fact]
    public async Task MQTT_3_1_1_is_let_in()
    {
        using RawClient client = await RawClient.OpenAsync(Emulator);

        await client.SendAsync(Wire.Connect4);
        await client.ExpectAsync(Wire.Accepted4);

        ConnectedClient seen = Emulator.Mqtt.Clients.ShouldHaveSingleItem();
        (seen.ClientId, seen.ProtocolVersion, seen.Transport, seen.SessionPresent).ShouldBe(("c", 4, "tcp", false));
        seen.KeepAlive.ShouldBe(TimeSpan.FromSeconds(1_200), "no keep-alive means the longest");
    }

    [Fact]
    public async Task MQTT_5_is_told_what_is_offered()
    {
        using RawClient client = await RawClient.OpenAsync(Emulator);

        await client.SendAsync("10 0E 00 04 'MQTT' 05 02 00 3C 00 00 01 'c'");

        // Receive maximum 100, QoS 1, packets of 146 KB, 8 aliases, no subscription identifiers, no shared subscriptions.
        await client.ExpectAsync("20 14 00 00 11 21 00 64 24 01 27 00 02 48 00 22 00 08 29 00 2A 00");
    }

    [Fact]
    public async Task A_client_without_a_name_is_given_one()
    {
        using RawClient five = await RawClient.OpenAsync(Emulator);
        await five.SendAsync("10 0D 00 04 'MQTT' 05 02 00 3C 00 00 00");
        byte[] answer = (await five.ReadAsync())!;
        string given = Emulator.Mqtt.Clients.ShouldHaveSingleItem().ClientId;
        System.Text.Encoding.UTF8.GetString(answer).ShouldContain(given);

        using RawClient three = await RawClient.OpenAsync(Emulator);
        await three.SendAsync("10 0C 00 04 'MQTT' 04 02 00 00 00 00");
        await three.ExpectAsync(Wire.Accepted4);

        using RawClient session = await RawClient.OpenAsync(Emulator);
        await session.SendAsync("10 0C 00 04 'MQTT' 04 00 00 00 00 00");
        await session.ExpectAsync("20 02 00 02");
        await session.ExpectEndAsync();
    }

    [Theory]
    [InlineData("10 0D 00 04 'MQTT' 03 02 00 00 00 01 'c'", "20 02 00 01")]
    [InlineData("10 0F 00 06 'MQIsdp' 03 02 00 00 00 01 'c'", "20 02 00 01")]
    [InlineData("10 0E 00 04 'MQTT' 06 02 00 00 00 00 01 'c'", "20 03 00 84 00")]
    [InlineData("10 15 00 04 'MQTT' 05 02 00 00 07 15 00 04 'auth' 00 01 'c'", "20 03 00 8C 00")]
    [InlineData("10 11 00 04 'MQTT' 05 02 00 00 03 21 00 00 00 01 'c'", "20 03 00 82 00")]
    [InlineData("10 0E 00 04 'MQTT' 05 03 00 00 00 00 01 'c'", "20 03 00 81 00")]
    [InlineData("10 14 00 04 'MQTT' 05 16 00 00 00 00 01 'c' 00 00 01 'w' 00 00", "20 03 00 9B 00")]
    [InlineData("10 14 00 04 'MQTT' 05 06 00 00 00 00 01 'c' 00 00 01 '#' 00 00", "20 03 00 90 00")]
    public async Task What_is_not_offered_is_refused_with_its_reason(string connect, string answer)
    {
        using RawClient client = await RawClient.OpenAsync(Emulator);

        await client.SendAsync(connect);

        await client.ExpectAsync(answer);
        await client.ExpectEndAsync();
        Emulator.Mqtt.Clients.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("10 0D 00 04 'MQXX' 04 02 00 00 00 01 'c'")]
    [InlineData("10 0D 00 04 'MQTT' 04 03 00 00 00 01 'c'")]
    [InlineData("11 0D 00 04 'MQTT' 04 02 00 00 00 01 'c'")]
    [InlineData("16 03 01 02 00 01 00 01 FC 03 03")]
    public async Task What_is_no_connect_ends_without_an_answer(string bytes)
    {
        using RawClient client = await RawClient.OpenAsync(Emulator);

        await client.SendAsync(bytes);

        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_off_after_30_seconds()
    {
        using RawClient client = await RawClient.OpenAsync(Emulator);
        using RawClient connected = await Connect311Async("c");
        while (Clock.ActiveTimers < 3)
        {
            await Task.Yield();
        }

        Clock.Advance(TimeSpan.FromSeconds(30));

        await client.ExpectEndAsync();
        await connected.PingAsync();
    }

    [Fact]
    public async Task A_second_connect_is_a_protocol_error()
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync(Wire.Connect5("c"));

        await client.ExpectAsync("E0 01 82");
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task The_newer_of_two_clients_of_one_name_stays()
    {
        using RawClient first = await Connect5Async("c");
        using RawClient second = await Connect5Async("c");
        await first.ExpectAsync("E0 01 8E");
        await first.ExpectEndAsync();

        using RawClient third = await Connect311Async("c");
        await second.ExpectAsync("E0 01 8E");
        using RawClient fourth = await Connect311Async("c");
        await third.ExpectEndAsync();

        await fourth.PingAsync();
        Emulator.Mqtt.Clients.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Keep_alive_is_held_within_30_and_1200_seconds_and_MQTT_5_is_told()
    {
        (RawClient shortest, byte[] told) = await RawClient.Connect5Async(Emulator, "short", keepAlive: 5);
        using RawClient three = await Connect311Async("three", keepAlive: 5);
        using RawClient five = shortest;

        Convert.ToHexString(told).ShouldEndWith("13001E", Case.Sensitive, "server keep-alive 30");
        Emulator.Mqtt.Clients.Select(c => c.KeepAlive.TotalSeconds).ShouldBe([30, 30]);
    }

    [Fact]
    public async Task Silence_for_one_and_a_half_keep_alives_ends_the_connection()
    {
        using RawClient talking = await Connect5Async("talking", keepAlive: 30);
        using RawClient silent = await Connect5Async("silent", keepAlive: 30);
        Clock.Advance(TimeSpan.FromSeconds(44));
        await talking.PingAsync();
        await silent.SendAsync([]);

        Clock.Advance(TimeSpan.FromSeconds(1));

        await silent.ExpectAsync("E0 01 8D");
        await silent.ExpectEndAsync();
        await talking.PingAsync();
        await Emulator.Mqtt.WaitForDepartureAsync("silent");
    }
}
