using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class LiveTailTests : LogsTestBase
{
    private const string Arn = "arn:aws:logs:eu-central-1:123456789012:log-group:g";

    private readonly HttpClient _http = new();

    [Fact]
    public async Task A_session_says_what_it_watches_and_then_what_came_each_second()
    {
        using Stream tail = await OpenAsync($$"""{"logGroupIdentifiers":["{{Arn}}"],"logEventFilterPattern":"ERROR"}""");
        (await ReadAsync(tail)).Kind.ShouldBe("initial-response");
        (string kind, JsonNode start) = await ReadAsync(tail);
        (kind, (string?)start["logGroupIdentifiers"]![0], (string?)start["logEventFilterPattern"]).ShouldBe(("sessionStart", Arn, "ERROR"));

        await Client.PutAsync("g", "s", (Now, "ERROR a"), (Now, "fine"));
        JsonNode update = await NextUpdateAsync(tail);

        JsonNode result = update["sessionResults"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)result["message"], (string?)result["logStreamName"], (string?)result["logGroupIdentifier"]).ShouldBe(("ERROR a", "s", Arn));
        ((bool)update["sessionMetadata"]!["sampled"]!).ShouldBeFalse();
        (await NextUpdateAsync(tail))["sessionResults"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_five_hundred_events_a_second_are_a_sample()
    {
        Emulator.Logs.CreateStream("g", "other");
        using Stream tail = await OpenAsync($$"""{"logGroupIdentifiers":["{{Arn}}"],"logStreamNamePrefixes":["s"]}""");
        await ReadAsync(tail);
        await ReadAsync(tail);

        await Client.PutAsync("g", "s", [.. Enumerable.Range(0, 501).Select(i => (Now, $"m{i}"))]);
        await Client.PutAsync("g", "other", (Now, "not wanted"));
        JsonNode update = await NextUpdateAsync(tail);

        update["sessionResults"]!.AsArray().Count.ShouldBe(500);
        ((bool)update["sessionMetadata"]!["sampled"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_ends_after_three_hours_with_an_exception()
    {
        using Stream tail = await OpenAsync($$"""{"logGroupIdentifiers":["{{Arn}}"]}""");
        await ReadAsync(tail);
        await ReadAsync(tail);
        Clock.Advance(TimeSpan.FromHours(3));

        string kind;
        do
        {
            (kind, _) = await ReadAsync(tail);
        }
        while (kind == "sessionUpdate");
        kind.ShouldBe("SessionTimeoutException");
        (await tail.ReadAsync(new byte[1])).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"logGroupIdentifiers":["g"]}""", "InvalidParameterException")]
    [InlineData("""{"logGroupIdentifiers":["arn:aws:logs:eu-central-1:123456789012:log-group:g:*"]}""", "InvalidParameterException")]
    [InlineData("""{"logGroupIdentifiers":["arn:aws:logs:eu-central-1:123456789012:log-group:none"]}""", "ResourceNotFoundException")]
    [InlineData("""{"logGroupIdentifiers":["arn:aws:logs:eu-central-1:123456789012:log-group:g"],"logStreamNames":["s"],"logStreamNamePrefixes":["s"]}""", "InvalidParameterException")]
    [InlineData("""{"logGroupIdentifiers":["arn:aws:logs:eu-central-1:123456789012:log-group:g"],"logEventFilterPattern":"{"}""", "InvalidParameterException")]
    public async Task A_session_needs_groups_by_their_ARNs(string request, string code) =>
        (await Client.CallAsync("StartLiveTail", request)).Code.ShouldBe(code);

    private async Task<JsonNode> NextUpdateAsync(Stream tail)
    {
        Task<(string Kind, JsonNode Payload)> read = ReadAsync(tail);
        Clock.Advance(TimeSpan.FromSeconds(1));
        (string kind, JsonNode update) = await read;
        kind.ShouldBe("sessionUpdate");
        return update;
    }

    private async Task<Stream> OpenAsync(string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, Emulator.Endpoint) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "Logs_20140328.StartLiveTail");
        Client.Signer.Sign(request, body, Clock.GetUtcNow());
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.amazon.eventstream");
        return await response.Content.ReadAsStreamAsync();
    }

    // botocore holds the checksums, in the walk of IotOps.InteropTests.
    private static async Task<(string Kind, JsonNode Payload)> ReadAsync(Stream tail)
    {
        byte[] prelude = new byte[12];
        await tail.ReadExactlyAsync(prelude);
        byte[] rest = new byte[BinaryPrimitives.ReadInt32BigEndian(prelude) - prelude.Length];
        await tail.ReadExactlyAsync(rest);
        int headerBytes = BinaryPrimitives.ReadInt32BigEndian(prelude.AsSpan(4));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; at < headerBytes;)
        {
            string name = Encoding.ASCII.GetString(rest, at + 1, rest[at]);
            at += 1 + name.Length;
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(at + 1));
            headers[name] = Encoding.ASCII.GetString(rest, at + 3, length);
            at += 3 + length;
        }

        return (headers.GetValueOrDefault(":event-type") ?? headers[":exception-type"], JsonNode.Parse(rest.AsSpan(headerBytes, rest.Length - headerBytes - 4))!);
    }
}
