using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class TagTests : LogsTestBase
{
    private const string Arn = "arn:aws:logs:eu-central-1:123456789012:log-group:g";

    [Fact]
    public async Task Tags_are_added_replaced_removed_and_listed_by_ARN_and_by_name()
    {
        (await Client.CallAsync("TagResource", $$$"""{"resourceArn":"{{{Arn}}}","tags":{"a":"1","b":"2"}}""")).Status.ShouldBe(200);
        (await Client.CallAsync("TagLogGroup", """{"logGroupName":"g","tags":{"b":"3","c":""}}""")).Status.ShouldBe(200);
        (await Client.CallAsync("UntagResource", $$"""{"resourceArn":"{{Arn}}","tagKeys":["a","none"]}""")).Status.ShouldBe(200);

        LogsAnswer byArn = await Client.CallAsync("ListTagsForResource", $$"""{"resourceArn":"{{Arn}}"}""");
        byArn.Result["tags"]!.ToJsonString().ShouldBe("""{"b":"3","c":""}""");
        await Client.CallAsync("UntagLogGroup", """{"logGroupName":"g","tags":["c"]}""");
        (await Client.CallAsync("ListTagsLogGroup", """{"logGroupName":"g"}""")).Result["tags"]!.ToJsonString().ShouldBe("""{"b":"3"}""");
        Emulator.Logs.Tags("g").ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("b", "3"));
    }

    [Theory]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:none","tags":{"a":"b"}}""", "ResourceNotFoundException")]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:g:*","tags":{"a":"b"}}""", "InvalidParameterException")]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:g","tags":{"aws:a":"b"}}""", "InvalidParameterException")]
    [InlineData("TagResource", """{"resourceArn":"g","tags":{"a":"b"}}""", "InvalidParameterException")]
    [InlineData("UntagResource", """{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:g","tagKeys":["a!"]}""", "InvalidParameterException")]
    [InlineData("UntagLogGroup", """{"logGroupName":"g","tags":[]}""", "InvalidParameterException")]
    [InlineData("ListTagsLogGroup", """{"logGroupName":"none"}""", "ResourceNotFoundException")]
    public async Task A_wrong_resource_or_tag_is_refused(string operation, string body, string code) =>
        (await Client.CallAsync(operation, body)).Code.ShouldBe(code);

    [Fact]
    public async Task The_fifty_first_tag_is_refused_and_changes_nothing()
    {
        await Client.CallAsync("TagResource", Request(0, 49));

        (await Client.CallAsync("TagResource", Request(49, 2))).Code.ShouldBe("TooManyTagsException");
        Emulator.Logs.Tags("g").Count.ShouldBe(49);
        (await Client.CallAsync("TagResource", Request(49, 1))).Status.ShouldBe(200);

        static JsonObject Request(int first, int count) => new()
        {
            ["resourceArn"] = Arn,
            ["tags"] = new JsonObject(Enumerable.Range(first, count).Select(static i => KeyValuePair.Create($"k{i}", (JsonNode?)"v"))),
        };
    }
}
