using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class ThingTests : RegistryTestBase
{
    [Fact]
    public async Task A_thing_is_made_described_found_in_the_index_and_deleted()
    {
        JsonNode made = await OkAsync("POST", "things/pump-1", """{"attributePayload":{"attributes":{"site":"north"}}}""");

        JsonNode described = await OkAsync("GET", "things/pump-1");
        JsonNode found = await OkAsync("POST", "indices/search", """{"queryString":"name:pump"}""");

        ((string?)made["thingArn"]).ShouldBe("arn:aws:iot:us-east-1:123456789012:thing/pump-1");
        described["attributes"]!.ToJsonString().ShouldBe("""{"site":"north"}""");
        ((string?)described["thingId"], (string?)described["thingArn"], (long)described["version"]!).ShouldBe(((string?)made["thingId"], (string?)made["thingArn"], 1));
        ((string?)found["things"]![0]!["attributes"]!["site"]).ShouldBe("north");

        await OkAsync("DELETE", "things/pump-1?expectedVersion=1");
        (await CallAsync("GET", "things/pump-1")).Error.ShouldBe("ResourceNotFoundException");
    }

    [Fact]
    public async Task The_same_thing_again_is_not_refused_and_another_one_is()
    {
        string id = (string)(await OkAsync("POST", "things/t", """{"attributePayload":{"attributes":{"a":"1"}}}"""))["thingId"]!;

        ((string?)(await OkAsync("POST", "things/t", """{"attributePayload":{"attributes":{"a":"1"}}}"""))["thingId"]).ShouldBe(id);
        DataPlaneReply other = await CallAsync("POST", "things/t", """{"attributePayload":{"attributes":{"a":"2"}}}""");

        (other.Status, other.Error).ShouldBe((409, "ResourceAlreadyExistsException"));
    }

    [Fact]
    public async Task Things_are_listed_by_attribute_in_pages()
    {
        foreach ((string name, string site) in new[] { ("a", "north"), ("b", "south"), ("c", "northwest"), ("d", "north") })
        {
            await OkAsync("POST", $"things/{name}", "{\"attributePayload\":{\"attributes\":{\"site\":\"" + site + "\"}}}");
        }

        DataPlaneReply first = await CallAsync("GET", "things?maxResults=3");
        string token = Uri.EscapeDataString((string)first.Body["nextToken"]!);

        Names(first, "things", "thingName").ShouldBe(["a", "b", "c"]);
        Names(await CallAsync("GET", $"things?maxResults=3&nextToken={token}"), "things", "thingName").ShouldBe(["d"]);
        Names(await CallAsync("GET", "things?attributeName=site&attributeValue=north"), "things", "thingName").ShouldBe(["a", "d"]);
        Names(await CallAsync("GET", "things?attributeName=site&attributeValue=north&usePrefixAttributeValue=true"), "things", "thingName").ShouldBe(["a", "c", "d"]);
    }

    [Theory]
    [InlineData("GET", "things/none", "", 404, "ResourceNotFoundException")]
    [InlineData("GET", "things/a%20b", "", 400, "InvalidRequestException")]
    [InlineData("DELETE", "things/none", "", 404, "ResourceNotFoundException")]
    [InlineData("GET", "things?maxResults=0", "", 400, "InvalidRequestException")]
    [InlineData("POST", "things/t", """{"attributePayload":{"attributes":{"a":"1","b":"1","c":"1","d":"1"}}}""", 400, "InvalidRequestException")]
    [InlineData("POST", "things/t", """{"attributePayload":{"attributes":{"a b":"1"}}}""", 400, "InvalidRequestException")]
    [InlineData("POST", "things/t", """{"thingTypeName":"pump"}""", 501, "NotImplementedException")]
    public async Task A_bad_call_is_refused(string method, string path, string body, int status, string error)
    {
        DataPlaneReply reply = await CallAsync(method, path, body);

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
    }

    [Fact]
    public async Task A_thing_with_a_principal_or_another_version_is_not_deleted()
    {
        await OkAsync("POST", "things/t");
        (_, string arn) = await CertificateAsync();
        (await CallAsync("DELETE", "things/t?expectedVersion=7")).Error.ShouldBe("VersionConflictException");
        (await AsPrincipalAsync("PUT", "things/t/principals", arn)).Status.ShouldBe(200);

        (await CallAsync("DELETE", "things/t")).Error.ShouldBe("InvalidRequestException");

        (await AsPrincipalAsync("DELETE", "things/t/principals", arn)).Status.ShouldBe(200);
        await OkAsync("DELETE", "things/t");
    }
}
