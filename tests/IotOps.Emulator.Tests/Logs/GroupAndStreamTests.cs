using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class GroupAndStreamTests : LogsTestBase
{
    [Fact]
    public async Task A_group_or_stream_that_is_not_there_is_not_found()
    {
        LogsAnswer noGroup = await Client.PutAsync("other", "s", (Now, "m"));
        LogsAnswer noStream = await Client.PutAsync("g", "other", (Now, "m"));

        (noGroup.Status, noGroup.Code, noGroup.Message).ShouldBe((400, "ResourceNotFoundException", "The specified log group does not exist."));
        (noStream.Status, noStream.Code, noStream.Message).ShouldBe((400, "ResourceNotFoundException", "The specified log stream does not exist."));
    }

    [Fact]
    public async Task What_exists_cannot_be_created_again()
    {
        (await Client.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""")).Code.ShouldBe("ResourceAlreadyExistsException");
        (await Client.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).Code.ShouldBe("ResourceAlreadyExistsException");
    }

    [Theory]
    [InlineData("a-Z_9/.#", true)]
    [InlineData("with space", false)]
    [InlineData("colon:", false)]
    [InlineData("umlaut\u00e4", false)]
    [InlineData("line\n", false)]
    [InlineData("aws/lambda", false)]
    [InlineData("", false)]
    public async Task A_group_name_has_its_own_characters(string name, bool good)
    {
        LogsAnswer answer = await Client.CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = name });

        answer.Status.ShouldBe(good ? 200 : 400);
        answer.Code.ShouldBe(good ? null : "InvalidParameterException");
        Emulator.Logs.Groups.Contains(name, StringComparer.Ordinal).ShouldBe(good);
    }

    [Theory]
    [InlineData("any thing \u00e4+[1]", true)]
    [InlineData("thing:1", false)]
    [InlineData("thing*", false)]
    public async Task A_stream_name_has_no_colon_and_no_asterisk(string name, bool good) =>
        (await Client.CallAsync("CreateLogStream", new JsonObject { ["logGroupName"] = "g", ["logStreamName"] = name })).Status.ShouldBe(good ? 200 : 400);

    [Theory]
    [InlineData(512, 200)]
    [InlineData(513, 400)]
    public async Task Names_have_at_most_512_characters(int length, int status)
    {
        string name = new('n', length);

        (await Client.CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = name })).Status.ShouldBe(status);
        (await Client.CallAsync("CreateLogStream", new JsonObject { ["logGroupName"] = "g", ["logStreamName"] = name })).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(30, 200)]
    [InlineData(3653, 200)]
    [InlineData(31, 400)]
    [InlineData(0, 400)]
    public async Task Retention_is_one_of_the_periods_the_service_knows(int days, int status)
    {
        (await Client.CallAsync("PutRetentionPolicy", $$"""{"logGroupName":"g","retentionInDays":{{days}}}""")).Status.ShouldBe(status);
        Emulator.Logs.RetentionInDays("g").ShouldBe(status == 200 ? days : null);
    }

    [Fact]
    public async Task Groups_and_streams_are_described_page_by_page()
    {
        foreach (string name in new[] { "s1", "s2", "t1" })
        {
            Emulator.Logs.CreateStream("g", name);
        }

        LogsAnswer first = await Client.CallAsync("DescribeLogStreams", """{"logGroupName":"g","logStreamNamePrefix":"s","limit":2}""");
        string token = (string)first.Result["nextToken"]!;
        LogsAnswer second = await Client.CallAsync("DescribeLogStreams", $$"""{"logGroupName":"g","logStreamNamePrefix":"s","limit":2,"nextToken":"{{token}}"}""");
        LogsAnswer groups = await Client.CallAsync("DescribeLogGroups", """{"logGroupNamePrefix":"g"}""");

        Names(first).Concat(Names(second)).ShouldBe(["s", "s1", "s2"]);
        second.Result["nextToken"].ShouldBeNull();
        ((string?)groups.Result["logGroups"]![0]!["arn"]).ShouldBe("arn:aws:logs:eu-central-1:123456789012:log-group:g:*");

        static IEnumerable<string?> Names(LogsAnswer answer) => answer.Result["logStreams"]!.AsArray().Select(s => (string?)s!["logStreamName"]);
    }

    [Fact]
    public async Task A_stream_deleted_under_a_writer_is_not_found_until_it_is_created_again()
    {
        await Client.PutAsync("g", "s", (Now, "before"));
        Emulator.Logs.DeleteStream("g", "s");

        (await Client.PutAsync("g", "s", (Now, "m"))).Code.ShouldBe("ResourceNotFoundException");
        (await Client.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).Status.ShouldBe(200);
        (await Client.PutAsync("g", "s", (Now, "after"))).Status.ShouldBe(200);
        Messages().ShouldBe(["after"]);
    }
}
