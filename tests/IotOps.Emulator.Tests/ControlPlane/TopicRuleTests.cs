using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class TopicRuleTests : RegistryTestBase
{
    private EmulatedQueue Queue => Emulator.Sqs.CreateQueue("events");

    [Fact]
    public async Task A_rule_forwards_what_clients_publish_as_its_SQL_says()
    {
        await CreateAsync("r", "SELECT n, topic(2) AS thing FROM 'a/+' WHERE n > 1");
        Emulator.Mqtt.Publish("a/pump-1", """{"n":1}""");
        Emulator.Mqtt.Publish("a/pump-2", """{"n":2}""");
        Emulator.Mqtt.Publish("b/pump-3", """{"n":3}""");
        Queue.Messages.ShouldBe(["""{"n":2,"thing":"pump-2"}"""]);
    }

    [Fact]
    public async Task Basic_Ingest_goes_to_the_named_rule_without_its_first_levels_and_to_nobody_else()
    {
        await CreateAsync("mine", "SELECT topic(2) AS thing FROM 'other/topics'");
        await CreateAsync("all", "SELECT 1 AS seen FROM '#'");
        Emulator.Mqtt.Publish("$aws/rules/mine/a/pump-1", "{}");
        Emulator.Mqtt.Publish("$aws/rules/nothing/a/pump-1", "{}");
        Queue.Messages.ShouldBe(["""{"thing":"pump-1"}"""]);
    }

    [Fact]
    public async Task A_message_that_an_action_could_not_take_goes_to_the_error_action()
    {
        EmulatedQueue errors = Emulator.Sqs.CreateQueue("errors");
        var rule = new JsonObject
        {
            ["sql"] = "SELECT * FROM 'a'",
            ["actions"] = new JsonArray(Action(new Uri(Emulator.Endpoint, "/1/nowhere"))),
            ["errorAction"] = Action(errors.Url),
        };
        await OkAsync("POST", "rules/r", rule.ToJsonString());
        Emulator.Mqtt.Publish("a", "ABC");
        JsonNode failure = JsonNode.Parse(errors.Messages.Single())!;
        ((string?)failure["ruleName"], (string?)failure["base64OriginalPayload"]).ShouldBe(("r", "QUJD"));
    }

    [Fact]
    public async Task A_disabled_or_deleted_rule_forwards_nothing_and_a_replaced_one_its_new_SQL()
    {
        await CreateAsync("r", "SELECT 1 AS old FROM 'a'");
        await OkAsync("POST", "rules/r/disable");
        Emulator.Mqtt.Publish("a", "{}");
        await OkAsync("PATCH", "rules/r", Rule("SELECT 2 AS new FROM 'a'"));
        Emulator.Mqtt.Publish("a", "{}");
        await OkAsync("DELETE", "rules/r");
        Emulator.Mqtt.Publish("a", "{}");
        Queue.Messages.ShouldBe(["""{"new":2}"""]);
    }

    [Fact]
    public async Task A_rule_is_described_and_listed_as_it_was_made()
    {
        await CreateAsync("r_1", "SELECT * FROM 'a/#'");
        await CreateAsync("r_2", "SELECT * FROM 'b'");
        JsonNode rule = (await OkAsync("GET", "rules/r_1"))["rule"]!;
        ((string?)rule["sql"], (bool)rule["ruleDisabled"]!, (string?)rule["actions"]![0]!["sqs"]!["queueUrl"])
            .ShouldBe(("SELECT * FROM 'a/#'", false, Queue.Url.AbsoluteUri));
        Names(await CallAsync("GET", "rules"), "rules", "ruleName").ShouldBe(["r_1", "r_2"]);
        Names(await CallAsync("GET", "rules?topic=a%2Fb"), "rules", "ruleName").ShouldBe(["r_1"]);
        DataPlaneReply page = await CallAsync("GET", "rules?maxResults=1");
        Names(await CallAsync("GET", $"rules?maxResults=1&nextToken={Uri.EscapeDataString((string)page.Body["nextToken"]!)}"), "rules", "ruleName").ShouldBe(["r_2"]);
    }

    [Theory]
    [InlineData("bad-name", """{"sql":"SELECT * FROM 'a'","actions":[]}""", 400, "InvalidRequestException")]
    [InlineData("r", """{"actions":[]}""", 400, "InvalidRequestException")]
    [InlineData("r", """{"sql":"SELECT","actions":[]}""", 400, "SqlParseException")]
    [InlineData("r", """{"sql":"SELECT * FROM 'a'","awsIotSqlVersion":"2020-01-01","actions":[]}""", 400, "InvalidRequestException")]
    [InlineData("r", """{"sql":"SELECT * FROM 'a'","actions":[{"sqs":{"roleArn":"r","queueUrl":"https://sqs/1/q.fifo"}}]}""", 400, "InvalidRequestException")]
    [InlineData("r", """{"sql":"SELECT * FROM 'a'","actions":[{"lambda":{"functionArn":"f"}}]}""", 501, "NotImplementedException")]
    [InlineData("there", """{"sql":"SELECT * FROM 'a'","actions":[]}""", 409, "ResourceAlreadyExistsException")]
    public async Task A_bad_rule_is_refused(string name, string body, int status, string error)
    {
        await CreateAsync("there", "SELECT * FROM 'a'");
        DataPlaneReply reply = await CallAsync("POST", $"rules/{name}", body);
        (reply.Status, reply.Error).ShouldBe((status, error));
    }

    [Fact]
    public async Task A_rule_that_is_not_there_is_denied()
    {
        (await CallAsync("GET", "rules/nowhere")).Error.ShouldBe("UnauthorizedException");
        (await CallAsync("PATCH", "rules/nowhere", Rule("SELECT * FROM 'a'"))).Error.ShouldBe("UnauthorizedException");
    }

    private Task<JsonNode> CreateAsync(string name, string sql) => OkAsync("POST", $"rules/{name}", Rule(sql));

    private string Rule(string sql) => new JsonObject { ["sql"] = sql, ["actions"] = new JsonArray(Action(Queue.Url)) }.ToJsonString();

    private static JsonObject Action(Uri queue) =>
        new() { ["sqs"] = new JsonObject { ["roleArn"] = "arn:aws:iam::000000000000:role/r", ["queueUrl"] = queue.AbsoluteUri, ["useBase64"] = false } };
}
