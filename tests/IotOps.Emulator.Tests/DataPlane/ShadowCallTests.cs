using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;
using IotOps.Emulator.Tests.Shadow;

namespace IotOps.Emulator.Tests.DataPlane;

public sealed class ShadowCallTests : DataPlaneTestBase
{
    [Fact]
    public async Task A_shadow_is_updated_read_listed_and_deleted_and_devices_hear_of_it()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        (int status, _, JsonNode body) = await CallAsync(HttpMethod.Post, "things/t/shadow?name=n", """{"state":{"desired":{"a":1}},"clientToken":"c"}""");
        (status, (int)body["version"]!, (string?)body["clientToken"]).ShouldBe((200, 1, "c"));
        await device.ExpectAsync("name/n/update/accepted");
        await device.ExpectAsync("name/n/update/delta");
        await device.ExpectAsync("name/n/update/documents");

        (status, _, body) = await CallAsync(HttpMethod.Get, "things/t/shadow?name=n");
        (status, body["state"]!["delta"]!.ToJsonString()).ShouldBe((200, """{"a":1}"""));
        await CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{}}""");
        await CallAsync(HttpMethod.Post, "things/t/shadow?name=m", """{"state":{}}""");
        (_, _, body) = await CallAsync(HttpMethod.Get, "api/things/shadow/ListNamedShadowsForThing/t?pageSize=1");
        body["results"]!.ToJsonString().ShouldBe("""["m"]""");
        (_, _, body) = await CallAsync(HttpMethod.Get, $"api/things/shadow/ListNamedShadowsForThing/t?nextToken={Uri.EscapeDataString((string)body["nextToken"]!)}&pageSize=1");
        body["results"]!.ToJsonString().ShouldBe("""["n"]""");
        body["nextToken"].ShouldBeNull();

        (status, _, _) = await CallAsync(HttpMethod.Delete, "things/t/shadow?name=n");
        status.ShouldBe(200);
        (status, _, body) = await CallAsync(HttpMethod.Get, "things/t/shadow?name=n");
        (status, (string?)body["message"]).ShouldBe((404, "No shadow exists with name: 't~n'"));
    }

    [Theory]
    [InlineData("""{"state":{},"version":9}""", 409)]
    [InlineData("""{"state":{"desired":{"a":[null]}}}""", 400)]
    [InlineData("no json", 400)]
    public async Task An_update_is_refused_as_over_MQTT(string update, int expected) =>
        (await CallAsync(HttpMethod.Post, "things/t/shadow", update)).Status.ShouldBe(expected);

    [Fact]
    public async Task A_publish_reaches_clients_and_the_shadow_service()
    {
        using RawClient client = await Connect311Async("c");
        await SubscribeAsync(client, v5: false, "a/b");

        (await CallAsync(HttpMethod.Post, "topics/a/b?qos=1", "hello")).Status.ShouldBe(200);
        (await CallAsync(HttpMethod.Post, "topics/%24aws/things/t/shadow/update?qos=0", """{"state":{"reported":{"a":1}}}""")).Status.ShouldBe(200);
        (await CallAsync(HttpMethod.Post, "topics/a/%2B", "m")).Status.ShouldBe(400);

        await client.ExpectAsync(Wire.Publish("a/b", "hello", id: 1));
        Emulator.Shadows.Version("t").ShouldBe(1);
        Emulator.Mqtt.Received.Select(m => m.ClientId).ShouldBe([null, null]);
    }

    [Fact]
    public async Task A_signature_for_another_service_or_with_another_key_is_not_let_in()
    {
        (await CallAsync(HttpMethod.Get, "things/t/shadow", signer: new TestSigner(Emulator.AccessKeyId, "wrong", "us-east-1", "iotdata"))).Status.ShouldBe(403);
        (await CallAsync(HttpMethod.Get, "things/t/shadow", signer: new TestSigner("AKIDUNKNOWN", "wrong", "us-east-1", "iotdata"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Faults_hit_it_as_they_hit_every_operation()
    {
        Emulator.Faults.Add(new Fault { Operation = "GetThingShadow", When = r => r.ShadowName == "n", Status = 503 });
        Emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", DropAfterAccepting = true });

        (await CallAsync(HttpMethod.Get, "things/t/shadow?name=n")).Status.ShouldBe(503);
        await Should.ThrowAsync<HttpRequestException>(() => CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{}}"""));
        Emulator.Shadows.Requests.Select(r => r.Status).ShouldBe([503, 200]);
    }

    [Fact]
    public async Task A_thing_name_may_not_have_a_dollar() => (await CallAsync(HttpMethod.Get, "things/%24t/shadow")).Status.ShouldBe(400);

    [Fact]
    public async Task Numbers_that_differ_in_their_thirtieth_digit_make_a_delta()
    {
        await CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{"desired":{"big":123456789012345678901234567891},"reported":{"big":123456789012345678901234567890}}}""");
        (_, _, JsonNode body) = await CallAsync(HttpMethod.Get, "things/t/shadow");
        body["state"]!["delta"]!.ToJsonString().ShouldBe("""{"big":123456789012345678901234567891}""");
    }

    [Theory]
    [InlineData("$package")]
    [InlineData("a$b:c_d-e")]
    public async Task A_shadow_name_may_have_a_dollar(string name)
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        (await CallAsync(HttpMethod.Post, "things/t/shadow?name=" + Uri.EscapeDataString(name), """{"state":{"desired":{"a":1}}}""")).Status.ShouldBe(200);

        await device.ExpectAsync($"name/{name}/update/accepted");
        await device.ExpectAsync($"name/{name}/update/delta");
        await device.ExpectAsync($"name/{name}/update/documents");
        await device.SendAsync($"name/{name}/get", "");
        await device.ExpectAsync($"name/{name}/get/accepted");
        Emulator.Shadows.Names("t").ShouldBe([name]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a%2Fb")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_shadow_name_that_cannot_be_is_an_invalid_request(string name) =>
        (await CallAsync(HttpMethod.Get, "things/t/shadow?name=" + name)).Error.ShouldBe("InvalidRequestException");

    [Fact]
    public async Task A_document_that_is_no_UTF8_is_refused_and_not_mended()
    {
        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "things/t/shadow", [.. "{\"state\":{\"desired\":{\"a\":\""u8, 0xFF, .. "\"}}}"u8]);

        (reply.Status, reply.Error).ShouldBe((415, "UnsupportedDocumentEncodingException"));
        Emulator.Shadows.Find("t").ShouldBeNull();
    }

    [Theory]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=101")]
    [InlineData("pageSize=abc")]
    [InlineData("nextToken=junk")]
    public async Task A_page_that_cannot_be_is_an_invalid_request(string query) =>
        (await CallAsync(HttpMethod.Get, "api/things/shadow/ListNamedShadowsForThing/t?" + query)).Error.ShouldBe("InvalidRequestException");

    [Theory]
    [InlineData("GET", "connections/c/subscriptions")]
    [InlineData("GET", "things/t/shadow?nonsense=1")]
    [InlineData("PUT", "things/t/shadow")]
    [InlineData("GET", "nothing/here")]
    public async Task An_operation_or_parameter_that_is_not_there_says_so(string method, string path)
    {
        DataPlaneReply reply = await CallAsync(new HttpMethod(method), path);

        (reply.Status, reply.Error).ShouldBe((501, "NotImplementedException"));
    }

    [Fact]
    public async Task The_other_signing_name_of_the_model_opens_it_too() =>
        (await CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{}}""", Signer("iotdevicegateway"))).Status.ShouldBe(200);
}
