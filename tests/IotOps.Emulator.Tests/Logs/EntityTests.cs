namespace IotOps.Emulator.Tests.Logs;

/// <summary>The entity of PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Entity.html.</summary>
public sealed class EntityTests : LogsTestBase
{
    [Fact]
    public async Task An_entity_is_kept_with_its_call()
    {
        LogsAnswer answer = await PutAsync(""" "entity":{"keyAttributes":{"Type":"Service","Name":"pump"},"attributes":{"Platform":"EC2"}},"sequenceToken":"1" """);

        answer.Result.ContainsKey("rejectedEntityInfo").ShouldBeFalse();
        LogEntity entity = Emulator.Logs.Requests.ShouldHaveSingleItem().Entity.ShouldNotBeNull();
        entity.KeyAttributes["Name"].ShouldBe("pump");
        entity.Attributes["Platform"].ShouldBe("EC2");
    }

    [Theory]
    [InlineData("""{"keyAttributes":{"Name":"a","Environment":"b"}}""", "MissingRequiredFields")]
    [InlineData("""{}""", "MissingRequiredFields")]
    [InlineData("""{"keyAttributes":{"Type":"Service","Colour":"red"}}""", "InvalidKeyAttributes")]
    [InlineData("""{"keyAttributes":{"Type":"Toy","Name":"a"}}""", "InvalidTypeValue")]
    public async Task An_entity_that_identifies_nothing_is_rejected_and_its_events_are_taken(string entity, string reason)
    {
        LogsAnswer answer = await PutAsync($"\"entity\":{entity}");

        ((string?)answer.Result["rejectedEntityInfo"]!["errorType"]).ShouldBe(reason);
        Messages().ShouldBe(["m"]);
    }

    [Theory]
    [InlineData(""" "entity":{"keyAttributes":{"Type":"Service"}} """, 400, "InvalidParameterException", "entity.keyAttributes")]
    [InlineData(""" "entity":{"keyAttributes":{"Type":"Service","Name":""}} """, 400, "InvalidParameterException", "entity.keyAttributes")]
    [InlineData(""" "entity":"x" """, 400, "SerializationException", "object")]
    [InlineData(""" "entity":{"colour":"red"} """, 501, "NotImplementedException", "colour")]
    [InlineData(""" "sequenceToken":"" """, 400, "InvalidParameterException", "sequenceToken")]
    [InlineData(""" "sequenceToken":7 """, 400, "SerializationException", "PutLogEvents")]
    [InlineData(""" "newMember":1 """, 501, "NotImplementedException", "newMember")]
    public async Task A_member_out_of_its_bounds_or_unknown_keeps_the_events_out(string member, int status, string code, string named)
    {
        LogsAnswer answer = await PutAsync(member);

        (answer.Status, answer.Code).ShouldBe((status, code));
        answer.Message.ShouldNotBeNull().ShouldContain(named);
        Messages().ShouldBeEmpty();
    }

    private Task<LogsAnswer> PutAsync(string member) =>
        Client.CallAsync("PutLogEvents", $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{Now}},"message":"m"}],{{member}}}""");
}
