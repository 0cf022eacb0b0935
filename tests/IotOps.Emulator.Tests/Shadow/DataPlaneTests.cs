using System.Text;
using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class DataPlaneTests : MqttTestBase
{
    [Fact]
    public async Task A_shadow_is_updated_read_listed_and_deleted_and_devices_hear_of_it()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        (int status, JsonNode body) = await CallAsync(HttpMethod.Post, "things/t/shadow?name=n", """{"state":{"desired":{"a":1}},"clientToken":"c"}""");
        (status, (int)body["version"]!, (string?)body["clientToken"]).ShouldBe((200, 1, "c"));
        await device.ExpectAsync("name/n/update/accepted");
        await device.ExpectAsync("name/n/update/delta");
        await device.ExpectAsync("name/n/update/documents");

        (status, body) = await CallAsync(HttpMethod.Get, "things/t/shadow?name=n");
        (status, body["state"]!["delta"]!.ToJsonString()).ShouldBe((200, """{"a":1}"""));
        await CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{}}""");
        await CallAsync(HttpMethod.Post, "things/t/shadow?name=m", """{"state":{}}""");
        (_, body) = await CallAsync(HttpMethod.Get, "api/things/shadow/ListNamedShadowsForThing/t?pageSize=1");
        body["results"]!.ToJsonString().ShouldBe("""["m"]""");
        (_, body) = await CallAsync(HttpMethod.Get, $"api/things/shadow/ListNamedShadowsForThing/t?nextToken={body["nextToken"]}&pageSize=1");
        body["results"]!.ToJsonString().ShouldBe("""["n"]""");
        body["nextToken"].ShouldBeNull();

        (status, _) = await CallAsync(HttpMethod.Delete, "things/t/shadow?name=n");
        status.ShouldBe(200);
        (status, body) = await CallAsync(HttpMethod.Get, "things/t/shadow?name=n");
        (status, (string?)body["message"]).ShouldBe((404, "No shadow exists with name: 't~n'"));
    }

    [Fact]
    public async Task A_shadow_name_may_have_a_dollar_and_a_thing_name_may_not()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");
        await device.SendAsync("name/$package/update", """{"state":{"reported":{"version":"1.2.0"}}}""");
        await device.ExpectAsync("name/$package/update/accepted");
        (await CallAsync(HttpMethod.Get, "things/t/shadow?name=%24package")).Status.ShouldBe(200);
        (await CallAsync(HttpMethod.Get, "things/%24t/shadow")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Numbers_that_differ_in_their_thirtieth_digit_make_a_delta()
    {
        await CallAsync(HttpMethod.Post, "things/t/shadow", """{"state":{"desired":{"big":123456789012345678901234567891},"reported":{"big":123456789012345678901234567890}}}""");
        (_, JsonNode body) = await CallAsync(HttpMethod.Get, "things/t/shadow");
        body["state"]!["delta"]!.ToJsonString().ShouldBe("""{"big":123456789012345678901234567891}""");
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

    private async Task<(int Status, JsonNode Body)> CallAsync(HttpMethod method, string path, string body = "", TestSigner? signer = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(Emulator.Endpoint, path));
        if (bytes.Length > 0)
        {
            request.Content = new ByteArrayContent(bytes);
        }

        signer ??= new TestSigner(Emulator.AccessKeyId, Emulator.SecretAccessKey, "us-east-1", "iotdata") { EncodesPath = true };
        signer.Sign(request, bytes, Clock.GetUtcNow());
        using HttpResponseMessage response = await http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
