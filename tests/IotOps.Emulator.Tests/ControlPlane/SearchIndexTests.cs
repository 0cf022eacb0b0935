using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class SearchIndexTests : ControlPlaneTestBase
{
    [Fact]
    public async Task Things_are_answered_as_the_index_has_them()
    {
        Emulator.Fleet.SetThing("""{"thingName":"a","thingId":"i","thingTypeName":"pump","thingGroupNames":["g"],"attributes":{"site":"n"},"shadow":{"reported":{"battery":77}}}""");

        DataPlaneReply reply = await CallAsync("POST", "indices/search", """{"queryString":"*"}""");

        reply.Status.ShouldBe(200, reply.Message);
        JsonNode.DeepEquals(reply.Body, JsonNode.Parse(
            """{"things":[{"thingName":"a","thingId":"i","thingTypeName":"pump","thingGroupNames":["g"],"attributes":{"site":"n"},"shadow":"{\u0022reported\u0022:{\u0022battery\u0022:77}}"}]}"""))
            .ShouldBeTrue(reply.Body.ToJsonString());
    }

    [Fact]
    public async Task Pages_follow_each_other_by_name_whatever_comes_meanwhile()
    {
        foreach (string name in new[] { "c", "a", "e", "x" })
        {
            Emulator.Fleet.SetThing($$"""{"thingName":"d{{name}}"}""");
        }

        Emulator.Fleet.SetThing("""{"thingName":"other"}""");
        DataPlaneReply first = await CallAsync("POST", "indices/search", """{"queryString":"name:d","maxResults":2}""");
        Emulator.Fleet.SetThing("""{"thingName":"db"}""");
        Emulator.Fleet.RemoveThing("dc").ShouldBeTrue();
        DataPlaneReply second = await CallAsync("POST", "indices/search", $$"""{"queryString":"name:d","maxResults":2,"nextToken":"{{first.Body["nextToken"]}}"}""");

        Names(first, "things", "thingName").ShouldBe(["da", "dc"]);
        Names(second, "things", "thingName").ShouldBe(["de", "dx"]);
        second.Body.AsObject().ContainsKey("nextToken").ShouldBeFalse();
    }

    [Fact]
    public async Task A_thing_is_connected_while_the_client_of_its_name_is()
    {
        Emulator.Fleet.SetThing("""{"thingName":"d"}""");
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        using RawClient device = await Connect311Async("d");
        DataPlaneReply online = await CallAsync("POST", "indices/search", """{"queryString":"connected"}""");
        await device.SendAsync("E0 00");
        await Emulator.Mqtt.WaitForDepartureAsync("d");
        DataPlaneReply offline = await CallAsync("POST", "indices/search", """{"queryString":"connected"}""");
        DataPlaneReply all = await CallAsync("POST", "indices/search", """{"queryString":"*"}""");

        online.Body["things"]![0]!["connectivity"]!.ToJsonString().ShouldBe($$"""{"connected":true,"timestamp":{{now}}}""");
        Names(offline, "things", "thingName").ShouldBeEmpty();
        all.Body["things"]![0]!["connectivity"]!.ToJsonString().ShouldBe($$"""{"connected":false,"timestamp":{{now}},"disconnectReason":"CLIENT_INITIATED_DISCONNECT"}""");
    }

    [Theory]
    [InlineData("""{"queryString":"what"}""", 400, "InvalidQueryException")]
    [InlineData("""{"queryString":""}""", 400, "InvalidRequestException")]
    [InlineData("""{}""", 400, "InvalidRequestException")]
    [InlineData("""{"queryString":"*","maxResults":101}""", 400, "InvalidRequestException")]
    [InlineData("""{"queryString":"*","maxResults":0}""", 400, "InvalidRequestException")]
    [InlineData("""{"queryString":"*","nextToken":"x"}""", 400, "InvalidRequestException")]
    [InlineData("""{"queryString":"*","queryVersion":"2017-09-31"}""", 400, "InvalidRequestException")]
    [InlineData("""{"queryString":"*","indexName":"AWS_Nothing"}""", 404, "ResourceNotFoundException")]
    [InlineData("""{"queryString":"*","indexName":"AWS_ThingGroups"}""", 501, "NotImplementedException")]
    [InlineData("""{"queryString":7}""", 400, "SerializationException")]
    [InlineData("""[""", 400, "SerializationException")]
    public async Task What_the_service_refuses_is_refused(string body, int status, string code)
    {
        DataPlaneReply reply = await CallAsync("POST", "indices/search", body);

        (reply.Status, reply.Error).ShouldBe((status, code));
    }

    [Fact]
    public async Task Without_a_reader_of_queries_only_the_star_is_answered()
    {
        await using AwsEmulator bare = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = Clock });
        bare.Fleet.SetThing("""{"thingName":"a"}""");
        using var http = new HttpClient();

        (int Status, string Body) star = await AskAsync("*");
        (int Status, string Body) other = await AskAsync("thingName:a");

        (star.Status, star.Body.Contains("\"a\"", StringComparison.Ordinal)).ShouldBe((200, true));
        (other.Status, other.Body.Contains("EmulatorOptions.FleetQuery", StringComparison.Ordinal)).ShouldBe((501, true));

        async Task<(int Status, string Body)> AskAsync(string query)
        {
            byte[] body = System.Text.Encoding.UTF8.GetBytes($$"""{"queryString":"{{query}}"}""");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bare.Endpoint, "indices/search")) { Content = new ByteArrayContent(body) };
            Signer("iot").Sign(request, body, Clock.GetUtcNow());
            using HttpResponseMessage response = await http.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"thingName":"a b"}""")]
    [InlineData("""{"thingName":"a","name":"b"}""")]
    [InlineData("""{"thingName":"a","thingGroupNames":["/"]}""")]
    [InlineData("""{"thingName":""")]
    public void What_is_no_thing_is_not_taken(string json) => Should.Throw<FormatException>(() => Emulator.Fleet.SetThing(json));

    [Fact]
    public async Task An_unsigned_request_is_refused_with_403()
    {
        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "indices/search", """{"queryString":"*"}""", new TestSigner(Emulator.AccessKeyId, "wrong", "us-east-1", "iot"));

        (reply.Status, reply.Error).ShouldBe((403, "InvalidSignatureException"));
    }

    [Fact]
    public async Task A_fault_answers_in_its_place_and_other_calls_are_not_there()
    {
        using FaultHandle throttled = Emulator.Faults.Add(new Fault { Operation = "SearchIndex", Times = 1, Status = 429, Code = "ThrottlingException" });

        DataPlaneReply first = await CallAsync("POST", "indices/search", """{"queryString":"*"}""");
        DataPlaneReply second = await CallAsync("POST", "indices/search", """{"queryString":"*"}""");
        DataPlaneReply other = await CallAsync("GET", "jobs");

        (first.Status, first.Error, second.Status).ShouldBe((429, "ThrottlingException", 200));
        (other.Status, other.Message).ShouldBe((501, "The emulator's control plane of AWS IoT has no GET /jobs."));
    }
}
