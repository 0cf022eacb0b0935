namespace IotOps.Emulator.Tests.Mqtt;

public sealed class LimitTests : MqttTestBase
{
    [Theory]
    [InlineData(256, 7, true)]
    [InlineData(257, 0, false)]
    [InlineData(9, 8, false)]
    public async Task A_topic_has_at_most_256_bytes_and_7_slashes(int length, int slashes, bool isGood)
    {
        string topic = new string('/', slashes) + new string('t', length - slashes);
        using RawClient client = await Connect5Async("c");

        await client.SendAsync(Wire.Subscribe(v5: true, 1, topic));
        await client.ExpectAsync(isGood ? "90 04 00 01 00 01" : "90 04 00 01 00 8F");
        await client.SendAsync(Wire.Publish(topic, "m", properties: ""));

        if (isGood)
        {
            await client.ExpectAsync(Wire.Publish(topic, "m", properties: ""));
        }
        else
        {
            await client.ExpectAsync("E0 01 90");
            await client.ExpectEndAsync();
        }
    }

    [Theory]
    [InlineData(131_072, true)]
    [InlineData(131_073, false)]
    [InlineData(1_000_000, false)]
    public async Task A_payload_has_at_most_128_KB(int bytes, bool isGood)
    {
        using RawClient client = await Connect5Async("c");

        Task sending = client.SendAsync(Wire.Publish("t", new string('x', bytes), id: 1, properties: ""));

        await client.ExpectAsync(isGood ? "40 03 00 01 10" : "E0 01 95");
        try
        {
            await sending;
        }
        catch (IOException) when (!isGood)
        {
            // The broker answered and closed before it had read the rest.
        }
    }

    [Fact]
    public async Task A_subscribe_has_at_most_8_filters()
    {
        using RawClient client = await Connect5Async("c");
        string[] filters = [.. Enumerable.Range(0, 9).Select(i => $"t/{i}")];

        await SubscribeAsync(client, v5: true, filters[..8]);
        await client.SendAsync(Wire.Subscribe(v5: true, 1, filters));

        await client.ExpectAsync("E0 01 97");
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData(true, 0x97)]
    [InlineData(false, 0x80)]
    public async Task A_connection_has_at_most_50_subscriptions(bool v5, byte refused)
    {
        using RawClient client = v5 ? await Connect5Async("c") : await Connect311Async("c");
        for (int i = 0; i < 48; i += 8)
        {
            await SubscribeAsync(client, v5, [.. Enumerable.Range(i, 8).Select(n => $"t/{n}")]);
        }

        await client.SendAsync(Wire.Subscribe(v5, 0, "t/48", "t/49", "t/50", "t/1"));

        await client.ExpectAsync(Wire.Packet(0x90, [0, 1, .. v5 ? new byte[] { 0 } : [], 0, 0, refused, 0]));
    }

    [Theory]
    [InlineData("$aws/things/t/shadow/update", true)]
    [InlineData("$aws/things/t/shadow/name/n/get", true)]
    [InlineData("$aws/things/t/shadow/update/accepted", false)]
    [InlineData("$aws/rules/rule/a/b/c/d/e/f/g/h", true)]
    [InlineData("$aws/rules/rule/a/b/c/d/e/f/g/h/i", false)]
    [InlineData("$aws/anything", false)]
    [InlineData("$SYS/x", false)]
    public async Task Below_a_dollar_only_what_AWS_offers_may_be_published(string topic, bool isGood)
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync(Wire.Publish(topic, "m", id: 1, properties: ""));

        await client.ExpectAsync(isGood ? "40 03 00 01 10" : "E0 01 90");
    }

    [Theory]
    [InlineData("$aws/things/t/shadow/#", 0x01)]
    [InlineData("$aws/events/presence/+/+", 0x01)]
    [InlineData("$aws/rules/rule", 0x87)]
    [InlineData("$SYS/#", 0x87)]
    [InlineData("$share/g/t", 0x9E)]
    [InlineData("a/b#", 0x8F)]
    [InlineData("a/+b", 0x8F)]
    [InlineData("#/a", 0x8F)]
    [InlineData("", 0x8F)]
    public async Task A_filter_is_answered_with_its_code(string filter, byte code)
    {
        using RawClient client = await Connect5Async("c");
        await client.SendAsync(Wire.Subscribe(v5: true, 1, filter));
        await client.ExpectAsync([0x90, 4, 0, 1, 0, code]);

        using RawClient three = await Connect311Async("three");
        await three.SendAsync(Wire.Subscribe(v5: false, 1, filter));
        await three.ExpectAsync([0x90, 3, 0, 1, code == 1 ? (byte)1 : (byte)0x80]);
    }

    [Fact]
    public async Task Subscription_identifiers_are_refused()
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync("82 09 00 01 02 0B 01 00 01 't' 01");

        await client.ExpectAsync("E0 01 A1");
    }

    [Fact]
    public async Task A_client_id_has_at_most_128_bytes()
    {
        using RawClient good = await Connect311Async(new string('c', 128));
        using RawClient client = await RawClient.OpenAsync(Emulator);

        await client.SendAsync(Wire.Connect311(new string('c', 129)));

        await client.ExpectAsync("20 02 00 02");
    }

    [Fact]
    public async Task A_payload_that_is_said_to_be_text_must_be()
    {
        using RawClient client = await Connect5Async("c");

        await client.SendAsync("30 07 00 01 't' 02 01 01 FF");

        await client.ExpectAsync("E0 01 99");
    }
}
