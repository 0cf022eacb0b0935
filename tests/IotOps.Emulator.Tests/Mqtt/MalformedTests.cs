namespace IotOps.Emulator.Tests.Mqtt;

public sealed class MalformedTests : MqttTestBase
{
    [Theory]
    [InlineData("36 07 00 01 'a' 00 01 00 'x'", 0x81)] // both bits of QoS
    [InlineData("38 05 00 01 'a' 00 'x'", 0x81)] // DUP without QoS
    [InlineData("32 07 00 01 'a' 00 00 00 'x'", 0x82)] // packet id 0
    [InlineData("30 04 00 09 'a' 00", 0x81)] // a topic longer than the packet
    [InlineData("30 05 00 02 C3 28 00", 0x81)] // no UTF-8
    [InlineData("30 06 00 03 'a' 00 'b' 00", 0x81)] // U+0000
    [InlineData("30 05 00 02 'a+' 00", 0x90)]
    [InlineData("30 07 00 01 'a' 03 99 00 00", 0x81)] // no such property
    [InlineData("30 09 00 01 'a' 05 11 00 00 00 01", 0x81)] // a property of another packet
    [InlineData("30 08 00 01 'a' 04 01 00 01 00", 0x82)] // a property twice
    [InlineData("30 06 00 01 'a' 02 01 02", 0x82)] // payload format 2
    [InlineData("30 06 00 01 'a' 02 0B 00", 0x82)] // subscription identifier 0
    [InlineData("30 06 00 01 'a' 02 0B 01", 0x82)] // a subscription identifier from a client
    [InlineData("80 07 00 01 00 00 01 'a' 00", 0x81)] // reserved flags
    [InlineData("82 03 00 01 00", 0x82)] // no filter
    [InlineData("82 07 00 01 00 00 01 'a' 03", 0x81)] // QoS 3
    [InlineData("82 07 00 01 00 00 01 'a' 31", 0x81)] // retain handling 3
    [InlineData("82 07 00 01 00 00 01 'a' C1", 0x81)] // reserved options
    [InlineData("82 07 00 00 00 00 01 'a' 01", 0x82)] // packet id 0
    [InlineData("A2 03 00 01 00", 0x82)]
    [InlineData("40 01 00", 0x81)]
    [InlineData("C1 00", 0x81)]
    [InlineData("C0 01 00", 0x81)]
    [InlineData("00 00", 0x81)]
    [InlineData("F0 00", 0x82)] // AUTH that was not agreed on
    [InlineData("20 03 00 00 00", 0x82)] // what only a server sends
    [InlineData("50 02 00 01", 0x82)] // QoS 2 that was never offered
    [InlineData("30 80 80 80 80 01", 0x81)]
    [InlineData("30 FF FF FF 7F", 0x95)]
    public async Task What_cannot_be_accepted_ends_the_connection_with_its_reason(string packet, byte reason)
    {
        using RawClient five = await Connect5Async("five");

        await five.SendAsync(packet);

        await five.ExpectAsync([0xE0, 1, reason]);
        await five.ExpectEndAsync();
        Emulator.Mqtt.ProtocolViolations.ShouldBe(1);
    }

    [Theory]
    [InlineData("36 06 00 01 'a' 00 01 'x'")]
    [InlineData("82 06 00 01 00 01 'a' 04")]
    [InlineData("F0 00")]
    public async Task MQTT_3_1_1_is_told_nothing(string packet)
    {
        using RawClient three = await Connect311Async("three");

        await three.SendAsync(packet);

        await three.ExpectEndAsync();
    }

    [Fact]
    public async Task Nothing_that_clients_send_stops_the_broker()
    {
        var random = new Random(20_231_001);
        byte[][] seeds =
        [
            Wire.Connect5("f", properties: "11 00 00 00 0A 21 00 05"), Wire.Publish("a/b", "payload", 1, "01 01 03 00 01 'j'"),
            Wire.Subscribe(v5: true, 1, "a/#", "+/b"), Wire.Bytes("A2 07 00 02 00 00 02 'a/'"), Wire.Bytes("40 02 00 01"), Wire.Bytes("C0 00"), Wire.Bytes("E0 02 00 00"),
        ];
        using RawClient steady = await Connect311Async("steady");
        for (int i = 0; i < 300; i++)
        {
            using RawClient client = await RawClient.OpenAsync(Emulator);
            var bytes = new List<byte>(i % 3 == 0 ? [] : seeds[0]);
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                byte[] packet = [.. seeds[random.Next(seeds.Length)]];
                for (int flips = random.Next(0, 4); flips > 0; flips--)
                {
                    packet[random.Next(packet.Length)] = (byte)random.Next(256);
                }

                bytes.AddRange(packet.AsSpan(0, random.Next(4) == 0 ? random.Next(packet.Length) : packet.Length));
            }

            await client.SendAsync([.. bytes]);
        }

        await steady.PingAsync();

        // Disposal waits for every connection and would throw what one of them threw.
        await Emulator.DisposeAsync();
    }
}
