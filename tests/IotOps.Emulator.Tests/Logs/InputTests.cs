
namespace IotOps.Emulator.Tests.Logs;

/// <summary>What cannot be read, or is out of the bounds of the service's model, is the service's own error and never a 500.</summary>
public sealed class InputTests : LogsTestBase
{
    [Theory]
    [InlineData("DescribeLogGroups", """{"limit":1.5}""")]
    [InlineData("DescribeLogGroups", """{"limit":99999999999999999999}""")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","startTime":1.5}""")]
    [InlineData("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","endTime":1.5}""")]
    [InlineData("PutRetentionPolicy", """{"logGroupName":"g","retentionInDays":1.5}""")]
    [InlineData("DescribeLogGroups", "[]")]
    [InlineData("CreateLogGroup", "\"x\"")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","logStreamNames":[1]}""")]
    [InlineData("CreateLogGroup", """{"logGroupName":"\ud800"}""")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","logStreamNames":["\ud800"]}""")]
    [InlineData("DescribeLogStreams", """{"logGroupName":"g","descending":"yes"}""")]
    [InlineData("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","startFromHead":"yes"}""")]
    public async Task A_body_of_other_types_is_a_serialization_error(string operation, string body)
    {
        LogsAnswer answer = await Client.CallAsync(operation, body);

        (answer.Status, answer.Code).ShouldBe((400, "SerializationException"));
    }

    [Fact]
    public async Task A_body_that_is_no_UTF8_is_a_serialization_error()
    {
        LogsAnswer answer = await Client.CallAsync("CreateLogGroup", [.. "{\"logGroupName\":\""u8, 0xFF, .. "\"}"u8]);

        (answer.Status, answer.Code).ShouldBe((400, "SerializationException"));
    }

    [Theory]
    [InlineData("DescribeLogStreams", """{"logGroupName":"g","orderBy":"NOT_IN_ENUM"}""", "orderBy")]
    [InlineData("DescribeLogStreams", """{"logGroupName":"g","logStreamNamePrefix":""}""", "logStreamNamePrefix")]
    [InlineData("DescribeLogStreams", """{"logGroupName":"g","logStreamNamePrefix":"a:b"}""", "logStreamNamePrefix")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","logStreamNamePrefix":"a*"}""", "logStreamNamePrefix")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","startTime":-1}""", "startTime")]
    [InlineData("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","endTime":-1}""", "endTime")]
    [InlineData("FilterLogEvents", """{"logGroupName":"g","logStreamNames":[]}""", "logStreamNames")]
    [InlineData("DescribeLogGroups", """{"logGroupNamePrefix":"a b"}""", "logGroupNamePrefix")]
    [InlineData("DescribeLogGroups", """{"logGroupNamePattern":""}""", "logGroupNamePattern")]
    [InlineData("DescribeLogGroups", """{"logGroupClass":"NOPE"}""", "logGroupClass")]
    [InlineData("CreateLogGroup", """{"logGroupName":"n","logGroupClass":"standard"}""", "logGroupClass")]
    [InlineData("CreateLogGroup", """{"logGroupName":"n","tags":{}}""", "tags")]
    [InlineData("CreateLogGroup", """{"logGroupName":"n","tags":{"":"v"}}""", "tags")]
    [InlineData("CreateLogGroup", """{"logGroupName":"n","tags":{"k":"a;b"}}""", "tags")]
    [InlineData("CreateLogGroup", """{"logGroupName":"n","tags":{"k!":"v"}}""", "tags")]
    public async Task A_member_out_of_its_bounds_is_named(string operation, string body, string member)
    {
        LogsAnswer answer = await Client.CallAsync(operation, body);

        (answer.Status, answer.Code).ShouldBe((400, "InvalidParameterException"));
        answer.Message.ShouldNotBeNull().ShouldContain($"'{member}'");
    }

    [Theory]
    [InlineData("\"kmsKeyId\":\"1234abcd-12ab-34cd-56ef-1234567890ab\"", 400, "InvalidParameterException")]
    [InlineData("\"kmsKeyId\":\"arn:aws:kms:eu-west-1:111122223333:alias/logs\"", 400, "InvalidParameterException")]
    [InlineData("\"tags\":{\"aws:x\":\"y\"}", 400, "InvalidParameterException")]
    [InlineData("\"tags\":{\"k\":1}", 400, "SerializationException")]
    [InlineData("\"tags\":[]", 400, "SerializationException")]
    [InlineData("\"tags\":{\"\\ud800\":\"v\"}", 400, "SerializationException")]
    [InlineData("\"deletionProtectionEnabled\":1", 400, "SerializationException")]
    public async Task A_group_with_a_wrong_key_or_tag_is_not_created(string member, int status, string code)
    {
        LogsAnswer answer = await Client.CallAsync("CreateLogGroup", $$"""{"logGroupName":"new",{{member}}}""");

        (answer.Status, answer.Code).ShouldBe((status, code));
        Emulator.Logs.Groups.ShouldNotContain(static g => g == "new");
    }

    [Fact]
    public async Task A_group_has_at_most_fifty_tags()
    {
        string tags = string.Join(',', Enumerable.Range(0, 51).Select(static i => $"\"k{i}\":\"\""));
        (await Client.CallAsync("CreateLogGroup", "{\"logGroupName\":\"new\",\"tags\":{" + tags + "}}")).Code.ShouldBe("InvalidParameterException");
    }

    [Fact]
    public async Task A_groups_class_and_key_are_described_and_classes_are_told_apart()
    {
        const string Key = "arn:aws:kms:eu-west-1:111122223333:key/1";
        (await Client.CallAsync("CreateLogGroup", $$"""{"logGroupName":"cold","logGroupClass":"INFREQUENT_ACCESS","tags":{"a":"b"},"kmsKeyId":"{{Key}}"}""")).Status.ShouldBe(200);

        LogsAnswer cold = await Client.CallAsync("DescribeLogGroups", """{"logGroupClass":"INFREQUENT_ACCESS"}""");

        ((string?)cold.Result["logGroups"]!.AsArray().Single()!["kmsKeyId"]).ShouldBe(Key);
        Emulator.Logs.Tags("cold")["a"].ShouldBe("b");
        Emulator.Logs.GroupClass("g").ShouldBe("STANDARD");
    }

    [Fact]
    public async Task A_protected_group_is_not_deleted_until_its_protection_is_off()
    {
        await Client.CallAsync("CreateLogGroup", """{"logGroupName":"kept","logGroupClass":"ESSENTIALS","deletionProtectionEnabled":true}""");
        (await Client.CallAsync("DeleteLogGroup", """{"logGroupName":"kept"}""")).Code.ShouldBe("ValidationException");
        LogsAnswer described = await Client.CallAsync("DescribeLogGroups", """{"logGroupClass":"ESSENTIALS"}""");
        ((bool?)described.Result["logGroups"]!.AsArray().Single()!["deletionProtectionEnabled"]).ShouldBe(true);

        (await Client.CallAsync("PutLogGroupDeletionProtection", """{"logGroupIdentifier":"kept"}""")).Code.ShouldBe("InvalidParameterException");
        (await Client.CallAsync("PutLogGroupDeletionProtection", """{"logGroupIdentifier":"none","deletionProtectionEnabled":false}""")).Code.ShouldBe("ResourceNotFoundException");
        await Client.CallAsync("PutLogGroupDeletionProtection", """{"logGroupIdentifier":"arn:aws:logs:us-east-1:123456789012:log-group:kept","deletionProtectionEnabled":false}""");
        (await Client.CallAsync("DeleteLogGroup", """{"logGroupName":"kept"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_hundred_streams_and_a_pattern_of_1024_characters_are_the_most()
    {
        string streams = string.Join(',', Enumerable.Repeat("\"s\"", 101));

        (await Client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","logStreamNames":[{{streams}}]}""")).Code.ShouldBe("InvalidParameterException");
        (await Client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","filterPattern":"{{new string('a', 1_025)}}"}""")).Code.ShouldBe("InvalidParameterException");
        (await Client.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g","filterPattern":"{{new string('a', 1_024)}}"}""")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("FilterLogEvents", "")]
    [InlineData("DescribeLogStreams", "")]
    [InlineData("GetLogEvents", ""","logStreamName":"s" """)]
    public async Task A_group_is_named_once(string operation, string rest) =>
        (await Client.CallAsync(operation, $$"""{"logGroupName":"g","logGroupIdentifier":"g"{{rest}}}""")).Code.ShouldBe("InvalidParameterException");

    [Fact]
    public async Task A_pattern_of_names_tells_case_apart_and_answers_in_brief()
    {
        Emulator.Logs.CreateGroup("DataLogs");

        (await Client.CallAsync("DescribeLogGroups", """{"logGroupNamePattern":"datalogs"}""")).Result["logGroups"]!.AsArray().ShouldBeEmpty();
        LogsAnswer found = await Client.CallAsync("DescribeLogGroups", """{"logGroupNamePattern":"aLog"}""");
        found.Result["logGroups"]!.AsArray().ShouldHaveSingleItem()!.AsObject().Select(m => m.Key).ShouldBe(["logGroupName", "creationTime", "arn"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("DescribeLogGroups", """{"logGroupIdentifiers":["g"]}""", "logGroupIdentifiers")]
    [InlineData("DescribeLogGroups", """{"includeLinkedAccounts":true}""", "includeLinkedAccounts")]
    [InlineData("DescribeLogGroups", """{"accountIdentifiers":["123456789012"]}""", "accountIdentifiers")]
    public async Task A_member_that_is_not_emulated_is_refused_by_its_name(string operation, string body, string member)
    {
        LogsAnswer answer = await Client.CallAsync(operation, body);

        answer.Status.ShouldBe(501);
        answer.Message.ShouldNotBeNull().ShouldContain(member);
    }
}
