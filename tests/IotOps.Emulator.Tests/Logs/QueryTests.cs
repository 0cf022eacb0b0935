using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class QueryTests : LogsTestBase
{
    [Theory]
    [InlineData("fields @message | sort @timestamp asc | limit 1", "@message=start pump=7")]
    [InlineData("filter level = 'ERROR' | sort ms desc | display ms", "ms=30;ms=9")]
    [InlineData("filter level = 'ERROR' and ms > 10 | fields ms as latency", "latency=30")]
    [InlineData("filter not (level = 'ERROR' or level = 'INFO') | fields level", "")]
    [InlineData("filter site.name in ['north', 'east'] | fields site.name | sort site.name", "site.name=north;site.name=north")]
    [InlineData("filter @message like /pump=\\d/ | fields @logStream", "@logStream=s")]
    [InlineData("filter @message like 'pump' | fields @log", "@log=123456789012:g")]
    [InlineData("filter @message =~ /^start/ | fields @timestamp", "@timestamp=2023-10-01 12:00:00.000")]
    [InlineData("filter ispresent(tags.1) | fields tags.1", "tags.1=b")]
    [InlineData("filter level not like 'E' | fields level", "level=INFO")]
    [InlineData("filter none != 'x' | fields @message", "")]
    [InlineData("stats count(*) as n, sum(ms), avg(ms), min(ms), max(ms), count(ms), count_distinct(level)", "n=4,sum(ms)=40,avg(ms)=13.3333333333,min(ms)=1,max(ms)=30,count(ms)=3,count_distinct(level)=2")]
    [InlineData("filter ispresent(level) | stats count(*) by level | sort count(*) desc", "level=ERROR,count(*)=2;level=INFO,count(*)=1")]
    [InlineData("stats count() as n by bin(1m) | sort bin(1m)", "bin(1m)=2023-10-01 12:00:00.000,n=3;bin(1m)=2023-10-01 12:01:00.000,n=1")]
    [InlineData("stats sum(ms) as total by level | filter total > 5", "level=ERROR,total=39")]
    [InlineData("parse @message 'start pump=*' as pump | filter ispresent(pump) | fields pump", "pump=7")]
    [InlineData("parse @message /pump=(?<id>\\d+)/ | filter id > 6 | fields id, none", "id=7")]
    [InlineData("fields `level` # a remark\n| filter `level` = \"INFO\"", "level=INFO")]
    public async Task A_query_finds(string query, string expected)
    {
        await WriteAsync();

        JsonObject result = await RunAsync(query);

        string.Join(';', result["results"]!.AsArray().Select(row => string.Join(',', row!.AsArray().Where(f => (string?)f!["field"] != "@ptr").Select(f => $"{f!["field"]}={f["value"]}"))))
            .ShouldBe(expected);
    }

    [Fact]
    public async Task Events_come_newest_first_with_time_message_and_pointer_unless_said_otherwise()
    {
        await WriteAsync();

        JsonObject result = await RunAsync("filter level = 'ERROR'");

        result["results"]!.AsArray().Select(row => string.Join(' ', row!.AsArray().Select(f => (string?)f!["field"]))).ShouldBe(["@timestamp @message @ptr", "@timestamp @message @ptr"]);
        ((string?)result["results"]![0]![0]!["value"]).ShouldBe("2023-10-01 12:01:00.000");
        ((double)result["statistics"]!["recordsMatched"]!, (double)result["statistics"]!["recordsScanned"]!).ShouldBe((2, 4));
    }

    [Fact]
    public async Task A_query_runs_until_its_results_are_asked_for_and_can_be_stopped_until_then()
    {
        string first = await StartAsync("fields @message");
        string second = await StartAsync("fields @message");

        ((string?)(await ResultsAsync(first))["status"]).ShouldBe("Running");
        ((string?)(await ResultsAsync(first))["status"]).ShouldBe("Complete");
        ((bool)(await Client.CallAsync("StopQuery", $$"""{"queryId":"{{second}}"}""")).Result["success"]!).ShouldBeTrue();
        ((string?)(await ResultsAsync(second))["status"]).ShouldBe("Cancelled");
        (await Client.CallAsync("StopQuery", $$"""{"queryId":"{{first}}"}""")).Code.ShouldBe("InvalidParameterException");
        JsonArray described = (await Client.CallAsync("DescribeQueries", """{"logGroupName":"g","status":"Complete"}""")).Result["queries"]!.AsArray();
        ((string?)described.ShouldHaveSingleItem()!["queryId"]).ShouldBe(first);
        (await Client.CallAsync("GetQueryResults", """{"queryId":"none"}""")).Code.ShouldBe("ResourceNotFoundException");
    }

    [Theory]
    [InlineData("dedup level", "dedup")]
    [InlineData("fields @message | pattern @message", "pattern")]
    [InlineData("stats pct(ms, 99)", "pct")]
    [InlineData("fields strlen(@message)", "strlen")]
    [InlineData("filter level", "comparison")]
    [InlineData("filter level = 'a", "missing")]
    [InlineData("filter @message like /(/", "regular expression")]
    [InlineData("filter a = 1 |", "command")]
    [InlineData("fields @message stats", "'|'")]
    [InlineData("limit 0", "limit")]
    [InlineData("stats count(*) by bin(5y)", "5y")]
    [InlineData("parse @message 'a * *' as b", "asterisks")]
    [InlineData("", "command")]
    public async Task A_query_that_is_none_or_has_what_is_not_here_is_refused_by_its_part(string query, string named)
    {
        LogsAnswer answer = await Client.CallAsync("StartQuery", Request(query));

        (answer.Status, answer.Code).ShouldBe((400, "MalformedQueryException"));
        answer.Message.ShouldNotBeNull().ShouldContain(named);
    }

    [Theory]
    [InlineData("""{"startTime":0,"endTime":9,"queryString":"fields a"}""", 400, "InvalidParameterException")]
    [InlineData("""{"logGroupName":"g","logGroupNames":["g"],"startTime":0,"endTime":9,"queryString":"fields a"}""", 400, "InvalidParameterException")]
    [InlineData("""{"logGroupName":"none","startTime":0,"endTime":9,"queryString":"fields a"}""", 400, "ResourceNotFoundException")]
    [InlineData("""{"logGroupName":"g","startTime":9,"endTime":0,"queryString":"fields a"}""", 400, "InvalidParameterException")]
    [InlineData("""{"logGroupName":"g","startTime":0,"endTime":9,"queryString":"fields a","queryLanguage":"SQL"}""", 501, "NotImplementedException")]
    public async Task A_request_names_its_groups_once_and_a_time(string request, int status, string code)
    {
        LogsAnswer answer = await Client.CallAsync("StartQuery", request);

        (answer.Status, answer.Code).ShouldBe((status, code));
    }

    [Fact]
    public async Task The_period_is_in_seconds_or_milliseconds_and_holds_both_ends()
    {
        await WriteAsync();
        long second = Now / 1_000;

        (await CountAsync(second, second)).ShouldBe(3);
        (await CountAsync(Now + 1, Now + 60_000)).ShouldBe(1);

        async Task<int> CountAsync(long start, long end)
        {
            LogsAnswer started = await Client.CallAsync("StartQuery", $$"""{"logGroupName":"g","startTime":{{start}},"endTime":{{end}},"queryString":"fields @message"}""");
            string id = (string)started.Result["queryId"]!;
            await ResultsAsync(id);
            return (await ResultsAsync(id))["results"]!.AsArray().Count;
        }
    }

    // The clock stands at 2023-10-01 12:00.
    private async Task WriteAsync() => (await Client.PutAsync("g", "s",
        (Now, "start pump=7"),
        (Now, """{"level":"ERROR","ms":9,"site":{"name":"north"},"tags":["a","b"]}"""),
        (Now, """{"level":"INFO","ms":1,"site":{"name":"south"}}"""),
        (Now + 60_000, """{"level":"ERROR","ms":30,"site":{"name":"north"}}"""))).Status.ShouldBe(200);

    private async Task<JsonObject> RunAsync(string query)
    {
        string id = await StartAsync(query);
        await ResultsAsync(id);
        return await ResultsAsync(id);
    }

    private async Task<string> StartAsync(string query)
    {
        LogsAnswer answer = await Client.CallAsync("StartQuery", Request(query));
        answer.Status.ShouldBe(200, answer.Message);
        return (string)answer.Result["queryId"]!;
    }

    private async Task<JsonObject> ResultsAsync(string id) => (await Client.CallAsync("GetQueryResults", $$"""{"queryId":"{{id}}"}""")).Result;

    private static JsonObject Request(string query) => new() { ["logGroupName"] = "g", ["startTime"] = 0, ["endTime"] = 4_102_444_800, ["queryString"] = query };
}
