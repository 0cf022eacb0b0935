using System.Text;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.DataPlane;

public sealed class PublishCallTests : DataPlaneTestBase
{
    private const int Limit = 128 << 10;

    [Fact]
    public async Task The_properties_of_MQTT_5_reach_the_subscriber()
    {
        using RawClient client = await Connect5Async("c");
        await SubscribeAsync(client, v5: true, "a");

        DataPlaneReply reply = await CallAsync(
            HttpMethod.Post, "topics/a?qos=1&contentType=text%2Fplain&responseTopic=r&messageExpiry=9", "hi", headers:
            [
                ("x-amz-mqtt5-user-properties", Convert.ToBase64String("""[{"k":"v"},{"n":"1"}]"""u8)),
                ("x-amz-mqtt5-payload-format-indicator", "UTF8_DATA"),
                ("x-amz-mqtt5-correlation-data", Convert.ToBase64String([7, 8])),
            ]);

        reply.Status.ShouldBe(200, reply.Message);
        string packet = Convert.ToHexString((await client.ReadAsync()).ShouldNotBeNull());
        foreach (string property in new[] { "0101", "03000A'text/plain'", "080001'r'", "0900020708", "260001'k'0001'v'", "260001'n'0001'1'", "0200000009" })
        {
            packet.ShouldContain(Convert.ToHexString(Wire.Bytes(Spaced(property))));
        }
    }

    [Theory]
    [InlineData("qos=2", null, null)]
    [InlineData("qos=-1", null, null)]
    [InlineData("qos=abc", null, null)]
    [InlineData("retain=maybe", null, null)]
    [InlineData("responseTopic=%2B", null, null)]
    [InlineData("messageExpiry=-1", null, null)]
    [InlineData("messageExpiry=soon", null, null)]
    [InlineData("", "x-amz-mqtt5-payload-format-indicator", "NOPE")]
    [InlineData("", "x-amz-mqtt5-correlation-data", "no base64!")]
    [InlineData("", "x-amz-mqtt5-user-properties", "no base64!")]
    [InlineData("", "x-amz-mqtt5-user-properties", "e30=")]
    [InlineData("", "x-amz-mqtt5-user-properties", "W3siYSI6MX1d")]
    public async Task A_member_that_cannot_be_is_an_invalid_request_and_nothing_is_published(string query, string? header, string? value)
    {
        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "topics/a?" + query, "hi", headers: header is null ? [] : [(header, value!)]);

        (reply.Status, reply.Error).ShouldBe((400, "InvalidRequestException"));
        Emulator.Mqtt.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nonsense=1", null)]
    [InlineData("", "x-amz-mqtt5-nonsense")]
    public async Task A_member_that_is_not_there_is_refused_by_its_name(string query, string? header)
    {
        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "topics/a?" + query, "hi", headers: header is null ? [] : [(header, "1")]);

        reply.Status.ShouldBe(501);
        reply.Message.ShouldNotBeNull().ShouldContain("nonsense");
        Emulator.Mqtt.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payload_of_the_limit_is_taken_and_one_byte_more_is_refused_with_the_limit()
    {
        (await CallAsync(HttpMethod.Post, "topics/a", new byte[Limit])).Status.ShouldBe(200);
        foreach (int size in new[] { Limit + 1, Limit + 2, Limit * 2 })
        {
            DataPlaneReply reply = await CallAsync(HttpMethod.Post, "topics/a", new byte[size]);

            (reply.Status, reply.Error).ShouldBe((413, "RequestEntityTooLargeException"));
            reply.Message.ShouldNotBeNull().ShouldContain("131072");
            reply.Message.ShouldNotContain("131073");
        }
    }

    [Fact]
    public async Task A_retained_message_is_read_back()
    {
        byte[] properties = """[{"k":"v"}]"""u8.ToArray();
        await CallAsync(HttpMethod.Post, "topics/a%2Fb?qos=1&retain=true", "kept", headers: [("x-amz-mqtt5-user-properties", Convert.ToBase64String(properties))]);
        long stored = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Clock.Advance(TimeSpan.FromSeconds(5));
        using RawClient client = await Connect311Async("c");
        await client.SendAsync(Wire.Publish("plain", "x", flags: 1));
        await client.PingAsync();

        DataPlaneReply reply = await CallAsync(HttpMethod.Get, "retainedMessage/a%2Fb");
        DataPlaneReply plain = await CallAsync(HttpMethod.Get, "retainedMessage/plain");

        reply.Status.ShouldBe(200);
        ((string?)reply.Body["topic"], (int)reply.Body["qos"]!, (long)reply.Body["lastModifiedTime"]!).ShouldBe(("a/b", 1, stored));
        Convert.FromBase64String((string)reply.Body["payload"]!).ShouldBe("kept"u8.ToArray());
        Encoding.UTF8.GetString(Convert.FromBase64String((string)reply.Body["userProperties"]!)).ShouldBe("""[{"k":"v"}]""");
        (plain.Body["userProperties"], (long)plain.Body["lastModifiedTime"]!).ShouldBe((null, stored + 5_000));
    }

    [Fact]
    public async Task A_topic_without_a_retained_message_is_not_found()
    {
        await CallAsync(HttpMethod.Post, "topics/a?retain=true", "kept");
        await CallAsync(HttpMethod.Post, "topics/a?retain=true");

        DataPlaneReply reply = await CallAsync(HttpMethod.Get, "retainedMessage/a");

        (reply.Status, reply.Error).ShouldBe((404, "ResourceNotFoundException"));
        (await CallAsync(HttpMethod.Get, "retainedMessage/a%2F%23")).Error.ShouldBe("InvalidRequestException");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(200)]
    public async Task Pages_of_any_size_list_every_retained_message_once(int size)
    {
        string[] topics = ["a", "a/b", "b c", "\u00e4", "z/1"];
        foreach (string topic in topics)
        {
            await CallAsync(HttpMethod.Post, $"topics/{Uri.EscapeDataString(topic)}?retain=true", "four");
        }

        var seen = new List<string>();
        string token = "";
        do
        {
            DataPlaneReply page = await CallAsync(HttpMethod.Get, $"retainedMessage?maxResults={size}{token}");
            page.Status.ShouldBe(200, page.Message);
            page.Body["retainedTopics"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(size);
            page.Body["retainedTopics"]!.AsArray().ShouldAllBe(t => (int)t!["payloadSize"]! == 4 && (int)t["qos"]! == 0);
            seen.AddRange(page.Body["retainedTopics"]!.AsArray().Select(t => (string)t!["topic"]!));
            token = page.Body["nextToken"] is { } next ? $"&nextToken={Uri.EscapeDataString((string)next!)}" : "";
        }
        while (token.Length > 0);

        seen.ShouldBe(topics, ignoreOrder: true);
    }

    [Theory]
    [InlineData("maxResults=0")]
    [InlineData("maxResults=201")]
    [InlineData("maxResults=x")]
    [InlineData("nextToken=junk")]
    public async Task A_page_that_cannot_be_is_an_invalid_request(string query) =>
        (await CallAsync(HttpMethod.Get, "retainedMessage?" + query)).Error.ShouldBe("InvalidRequestException");

    // Hexadecimal in pairs, quotes kept.
    private static string Spaced(string notation) => string.Join(' ', notation.Split('\'').Select((part, i) =>
        i % 2 == 1 ? $"'{part}'" : string.Join(' ', part.Chunk(2).Select(pair => new string(pair)))));
}
