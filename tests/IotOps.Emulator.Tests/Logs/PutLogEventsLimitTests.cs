namespace IotOps.Emulator.Tests.Logs;

public sealed class PutLogEventsLimitTests : LogsTestBase
{
    private const int Overhead = 26;
    private const int Limit = 1_048_576;

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 400)]
    public async Task A_batch_may_have_1048576_bytes_and_not_one_more(int extra, int status)
    {
        (long, string)[] events = [.. Enumerable.Range(0, 4).Select(i => (Now, new string('a', (Limit / 4) - Overhead)))];
        events[3].Item2 += new string('a', extra);

        LogsAnswer answer = await Client.PutAsync("g", "s", events);

        answer.Status.ShouldBe(status, answer.Message);
        if (extra > 0)
        {
            answer.Code.ShouldBe("InvalidParameterException");
            answer.Message.ShouldBe("Upload too large: 1048577 bytes exceeds limit of 1048576");
        }

        Emulator.Logs.EventCount("g", "s").ShouldBe(extra == 0 ? 4 : 0);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 400)]
    public async Task One_event_may_fill_the_whole_batch_and_not_one_byte_more(int extra, int status)
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now, new string('a', Limit - Overhead + extra)));

        answer.Status.ShouldBe(status);
        if (extra > 0)
        {
            answer.Message.ShouldBe("Log event too large: 1048577 bytes exceeds limit of 1048576");
        }
    }

    [Fact]
    public async Task Bytes_are_those_of_UTF8_not_of_the_JSON_escapes()
    {
        // Four bytes of UTF-8, twelve of JSON escapes.
        int count = (Limit - Overhead) / 4;
        string fits = string.Concat(Enumerable.Repeat("\\ud83d\\ude80", count));
        string json = $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{Now}},"message":"{{fits}}"}]}""";

        (await Client.CallAsync("PutLogEvents", json)).Status.ShouldBe(200);
        (await Client.CallAsync("PutLogEvents", json.Replace("\"message\":\"", "\"message\":\"abc", StringComparison.Ordinal))).Status.ShouldBe(400);
        Emulator.Logs.Requests[0].BatchBytes.ShouldBe((4 * count) + Overhead);
    }

    [Theory]
    [InlineData(10_000, 200)]
    [InlineData(10_001, 400)]
    public async Task A_batch_may_have_10000_events_and_not_one_more(int count, int status)
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", [.. Enumerable.Range(0, count).Select(i => (Now, "x"))]);

        answer.Status.ShouldBe(status);
        if (status == 400)
        {
            answer.Message.ShouldEndWith("at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000");
        }
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 400)]
    public async Task A_batch_spans_24_hours_and_not_a_millisecond_more(int extra, int status)
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now - 86_400_000 - extra, "old"), (Now, "new"));

        answer.Status.ShouldBe(status);
        if (extra > 0)
        {
            answer.Message.ShouldBe("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }

    [Fact]
    public async Task Events_that_are_rejected_do_not_count_towards_the_span()
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now - (15 * 86_400_000L), "too old"), (Now, "good"));

        answer.Status.ShouldBe(200, answer.Message);
        Messages().ShouldBe(["good"]);
    }

    [Fact]
    public async Task Events_out_of_order_fail_the_whole_batch()
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now, "b"), (Now - 1, "a"));

        answer.Code.ShouldBe("InvalidParameterException");
        answer.Message.ShouldBe("Log events in a single PutLogEvents request must be in chronological order.");
        Messages().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_message_fails_the_whole_batch()
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now, "a"), (Now, ""));

        answer.Code.ShouldBe("InvalidParameterException");
        answer.Message.ShouldBe("1 validation error detected: Value '' at 'logEvents.2.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1");
        Messages().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"logGroupName":"g","logStreamName":"s","logEvents":[]}""", "Member must have length greater than or equal to 1")]
    [InlineData("""{"logGroupName":"g","logStreamName":"s"}""", "Member must not be null")]
    [InlineData("""{"logGroupName":"g","logStreamName":"s","logEvents":[{"message":"m"}]}""", "Member must not be null")]
    public async Task What_the_model_requires_must_be_there(string json, string rule)
    {
        LogsAnswer answer = await Client.CallAsync("PutLogEvents", json);

        answer.Code.ShouldBe("InvalidParameterException");
        answer.Message!.ShouldEndWith(rule);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":7}]}""")]
    [InlineData("""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"\ud800"}]}""")]
    [InlineData("""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]} x""")]
    public async Task A_body_that_is_no_such_JSON_is_a_serialization_error(string json) =>
        (await Client.CallAsync("PutLogEvents", json)).Code.ShouldBe("SerializationException");

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_a_serialization_error()
    {
        byte[] body = [.. """{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"x"""u8, 0xFF, .. "\"}]}"u8];

        (await Client.CallAsync("PutLogEvents", body)).Code.ShouldBe("SerializationException");
    }
}
