using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class ThingGroupEditTests : RegistryTestBase
{
    [Fact]
    public async Task A_group_is_made_once_and_deleted()
    {
        const string body = """{"thingGroupProperties":{"thingGroupDescription":"Held back","attributePayload":{"attributes":{"a":"1"}}}}""";
        string id = (string)(await OkAsync("POST", "thing-groups/quarantine", body))["thingGroupId"]!;

        ((string?)(await OkAsync("POST", "thing-groups/quarantine", body))["thingGroupId"]).ShouldBe(id);
        (await CallAsync("POST", "thing-groups/quarantine")).Error.ShouldBe("ResourceAlreadyExistsException");
        (await OkAsync("GET", "thing-groups/quarantine"))["thingGroupProperties"]!.ToJsonString()
            .ShouldBe("""{"thingGroupDescription":"Held back","attributePayload":{"attributes":{"a":"1"}}}""");

        (await CallAsync("DELETE", "thing-groups/quarantine?expectedVersion=2")).Error.ShouldBe("VersionConflictException");
        await OkAsync("DELETE", "thing-groups/quarantine?expectedVersion=1");
        await OkAsync("DELETE", "thing-groups/quarantine");
        (await CallAsync("GET", "thing-groups/quarantine")).Error.ShouldBe("ResourceNotFoundException");
    }

    [Fact]
    public async Task A_dynamic_group_gets_another_query()
    {
        await OkAsync("POST", "things/p1");
        await OkAsync("POST", "things/v1");
        JsonNode made = await OkAsync("POST", "dynamic-thing-groups/dyn", """{"queryString":"name:p","indexName":"AWS_Things"}""");
        ((string?)made["queryString"], (string?)made["indexName"], (string?)made["queryVersion"]).ShouldBe(("name:p", "AWS_Things", "2017-09-30"));
        Names(await CallAsync("GET", "thing-groups/dyn/things"), "things").ShouldBe(["p1"]);

        JsonNode updated = await OkAsync("PATCH", "dynamic-thing-groups/dyn", """{"thingGroupProperties":{},"queryString":"name:v","expectedVersion":1}""");

        ((long)updated["version"]!).ShouldBe(2);
        Names(await CallAsync("GET", "thing-groups/dyn/things"), "things").ShouldBe(["v1"]);
        (await CallAsync("PATCH", "dynamic-thing-groups/dyn", """{"thingGroupProperties":{},"expectedVersion":1}""")).Error.ShouldBe("VersionConflictException");
        await OkAsync("DELETE", "dynamic-thing-groups/dyn");
    }

    [Theory]
    [InlineData("POST", "thing-groups/g", """{"parentGroupName":"none"}""", 400, "InvalidRequestException")]
    [InlineData("POST", "thing-groups/g", """{"parentGroupName":"dyn"}""", 400, "InvalidRequestException")]
    [InlineData("POST", "thing-groups/a%20b", "", 400, "InvalidRequestException")]
    [InlineData("POST", "dynamic-thing-groups/g", "{}", 400, "InvalidRequestException")]
    [InlineData("POST", "dynamic-thing-groups/g", """{"queryString":"?"}""", 400, "InvalidQueryException")]
    [InlineData("POST", "dynamic-thing-groups/g", """{"queryString":"*","indexName":"other"}""", 400, "InvalidRequestException")]
    [InlineData("PATCH", "dynamic-thing-groups/none", """{"thingGroupProperties":{}}""", 404, "ResourceNotFoundException")]
    [InlineData("PATCH", "dynamic-thing-groups/all", """{"thingGroupProperties":{}}""", 400, "InvalidRequestException")]
    [InlineData("PATCH", "dynamic-thing-groups/dyn", "{}", 400, "InvalidRequestException")]
    [InlineData("DELETE", "dynamic-thing-groups/all", "", 400, "InvalidRequestException")]
    [InlineData("DELETE", "thing-groups/dyn", "", 400, "InvalidRequestException")]
    [InlineData("DELETE", "thing-groups/all", "", 400, "InvalidRequestException")]
    public async Task A_bad_call_is_refused(string method, string path, string body, int status, string error)
    {
        await OkAsync("POST", "thing-groups/all");
        await OkAsync("POST", "thing-groups/north", """{"parentGroupName":"all"}""");
        await OkAsync("POST", "dynamic-thing-groups/dyn", """{"queryString":"*"}""");

        DataPlaneReply reply = await CallAsync(method, path, body);

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
    }
}
