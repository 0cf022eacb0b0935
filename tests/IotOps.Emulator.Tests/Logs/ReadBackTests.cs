using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class ReadBackTests : LogsTestBase
{
    [Fact]
    public async Task GetLogEvents_pages_forward_through_every_event_once_and_ends_on_the_same_token()
    {
        await PutNumbersAsync(7);
        var read = new List<string>();
        string? token = null;
        while (true)
        {
            JsonObject input = new() { ["logGroupName"] = "g", ["logStreamName"] = "s", ["limit"] = 3, ["startFromHead"] = true, ["nextToken"] = token };
            LogsAnswer answer = await Client.CallAsync("GetLogEvents", input);
            answer.Status.ShouldBe(200, answer.Message);
            read.AddRange(Texts(answer));
            string next = (string)answer.Result["nextForwardToken"]!;
            if (next == token)
            {
                break;
            }

            token = next;
        }

        read.ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
    }

    [Fact]
    public async Task Without_start_from_head_the_latest_come_first_and_backward_leads_to_the_older()
    {
        await PutNumbersAsync(5);

        LogsAnswer last = await Client.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","limit":2}""");
        string token = (string)last.Result["nextBackwardToken"]!;
        LogsAnswer before = await Client.CallAsync("GetLogEvents", $$"""{"logGroupName":"g","logStreamName":"s","limit":2,"nextToken":"{{token}}"}""");

        Texts(last).ShouldBe(["3", "4"]);
        Texts(before).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Start_is_inclusive_and_end_is_exclusive()
    {
        await PutNumbersAsync(5);

        LogsAnswer answer = await Client.CallAsync("GetLogEvents", $$"""{"logGroupName":"g","logStreamName":"s","startTime":{{Now + 1}},"endTime":{{Now + 3}}}""");

        Texts(answer).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Events_that_arrive_out_of_order_are_read_in_order_and_inspected_as_they_came()
    {
        await Client.PutAsync("g", "s", (Now, "late"));
        await Client.PutAsync("g", "s", (Now - 5, "early"));

        LogsAnswer answer = await Client.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","startFromHead":true}""");

        Texts(answer).ShouldBe(["early", "late"]);
        Messages().ShouldBe(["late", "early"]);
    }

    [Fact]
    public async Task FilterLogEvents_merges_streams_by_time_and_pages()
    {
        Emulator.Logs.CreateStream("g", "t");
        await Client.PutAsync("g", "s", (Now, "a ERROR"), (Now + 2, "c ERROR"), (Now + 4, "e fine"));
        await Client.PutAsync("g", "t", (Now + 1, "b ERROR"), (Now + 3, "d ERROR"));

        LogsAnswer first = await Client.CallAsync("FilterLogEvents", """{"logGroupName":"g","filterPattern":"ERROR","limit":3}""");
        string token = (string)first.Result["nextToken"]!;
        LogsAnswer second = await Client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","filterPattern":"ERROR","limit":3,"nextToken":"{{token}}"}""");

        Texts(first).Concat(Texts(second)).ShouldBe(["a ERROR", "b ERROR", "c ERROR", "d ERROR"]);
        second.Result["nextToken"].ShouldBeNull();
    }

    [Fact]
    public async Task A_search_begins_with_an_empty_page_when_asked_to()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = Clock, BeginsWithEmptyLogPage = true });
        emulator.Logs.CreateGroup("g");
        emulator.Logs.CreateStream("g", "s");
        using var client = new LogsClient(emulator, Clock);
        await client.PutAsync("g", "s", (Now, "a"));

        LogsAnswer empty = await client.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""");
        LogsAnswer next = await client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","nextToken":"{{empty.Result["nextToken"]}}"}""");

        Texts(empty).ShouldBeEmpty();
        (Texts(next).Single(), next.Result["nextToken"]).ShouldBe(("a", null));
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("disk", 2)]
    [InlineData("disk full", 2)]
    [InlineData("\\\"disk full\\\"", 1)]
    [InlineData("disk -today", 1)]
    [InlineData("?disk ?network", 3)]
    [InlineData("DISK", 0)]
    public async Task A_filter_pattern_is_terms_and_quoted_terms(string pattern, int matches)
    {
        await Client.PutAsync("g", "s", (Now, "disk full"), (Now, "full is the disk today"), (Now, "network down"), (Now, "all well"));

        LogsAnswer answer = await Client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","filterPattern":"{{pattern}}"}""");

        Texts(answer).Count().ShouldBe(matches);
    }

    private Task<LogsAnswer> PutNumbersAsync(int count) =>
        Client.PutAsync("g", "s", [.. Enumerable.Range(0, count).Select(i => (Now + i, i.ToString()))]);

    private static IEnumerable<string> Texts(LogsAnswer answer) => answer.Result["events"]!.AsArray().Select(e => (string)e!["message"]!);
}
