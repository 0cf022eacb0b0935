using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class ShadowOverMqttTests : MqttTestBase
{
    private const long Now = 1_696_161_600;

    [Fact]
    public async Task An_update_is_accepted_and_told_with_its_delta_and_its_documents()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        await device.SendAsync("update", """{"state":{"desired":{"led":true,"n":{"a":[1,2]}}},"clientToken":"token"}""");

        Same(await device.ExpectAsync("update/accepted"), """
            {"state":{"desired":{"led":true,"n":{"a":[1,2]}}},
             "metadata":{"desired":{"led":{"timestamp":NOW},"n":{"a":[{"timestamp":NOW},{"timestamp":NOW}]}}},
             "version":1,"timestamp":NOW,"clientToken":"token"}
            """);
        Same(await device.ExpectAsync("update/delta"), """
            {"state":{"led":true,"n":{"a":[1,2]}},
             "metadata":{"led":{"timestamp":NOW},"n":{"a":[{"timestamp":NOW},{"timestamp":NOW}]}},
             "version":1,"timestamp":NOW,"clientToken":"token"}
            """);
        Same(await device.ExpectAsync("update/documents"), """
            {"previous":{"state":{},"metadata":{},"version":0},
             "current":{"state":{"desired":{"led":true,"n":{"a":[1,2]}}},
              "metadata":{"desired":{"led":{"timestamp":NOW},"n":{"a":[{"timestamp":NOW},{"timestamp":NOW}]}}},"version":1},
             "timestamp":NOW,"clientToken":"token"}
            """);
    }

    [Fact]
    public async Task What_agrees_has_no_delta_and_every_update_counts()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");
        Emulator.Shadows.Update("t", """{"state":{"desired":{"a":1.0},"reported":{"a":1}}}""");
        await device.ExpectAsync("update/accepted");
        await device.ExpectAsync("update/documents");
        Clock.Advance(TimeSpan.FromSeconds(5));

        await device.SendAsync("update", """{"state":{}}""");

        Same(await device.ExpectAsync("update/accepted"), """{"state":{},"metadata":{},"version":2,"timestamp":1696161605}""");
        await device.ExpectAsync("update/documents");
        await device.SendAsync("get", "");
        Same(await device.ExpectAsync("get/accepted"), """
            {"state":{"desired":{"a":1.0},"reported":{"a":1}},
             "metadata":{"desired":{"a":{"timestamp":NOW}},"reported":{"a":{"timestamp":NOW}}},"version":2,"timestamp":1696161605}
            """);
    }

    [Fact]
    public async Task A_get_shows_the_delta_and_a_deleted_shadow_keeps_its_version()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");
        Emulator.Shadows.Update("t", """{"state":{"desired":{"a":1,"b":2},"reported":{"a":1}}}""", "config");
        await device.ExpectAsync("name/config/update/accepted");
        await device.ExpectAsync("name/config/update/delta");
        await device.ExpectAsync("name/config/update/documents");

        await device.SendAsync("name/config/get", """{"clientToken":"g"}""");
        JsonNode got = await device.ExpectAsync("name/config/get/accepted");
        (got["state"]!["delta"]!.ToJsonString(), (string?)got["clientToken"]).ShouldBe(("""{"b":2}""", "g"));

        await device.SendAsync("name/config/delete", """{"clientToken":"d"}""");
        Same(await device.ExpectAsync("name/config/delete/accepted"), """{"version":1,"timestamp":NOW,"clientToken":"d"}""");
        await device.SendAsync("name/config/get", "");
        JsonNode gone = await device.ExpectAsync("name/config/get/rejected");
        Same(gone, """{"code":404,"message":"No shadow exists with name: 't~config'","timestamp":NOW}""");
        (Emulator.Shadows.Find("t", "config"), Emulator.Shadows.Version("t", "config"), Emulator.Shadows.Names("t").Count).ShouldBe((null, 1, 0));

        await device.SendAsync("name/config/update", """{"state":{"reported":{"c":3}}}""");
        ((int)(await device.ExpectAsync("name/config/update/accepted"))["version"]!).ShouldBe(2);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"state":{}} {}""", 400)]
    [InlineData("""{"clientToken":"c"}""", 400)]
    [InlineData("""{"state":7}""", 400)]
    [InlineData("""{"state":{"desired":7}}""", 400)]
    [InlineData("""{"state":{"reported":"x"}}""", 400)]
    [InlineData("""{"state":{"wanted":{}}}""", 400)]
    [InlineData("""{"state":{"desired":{"a":[1,null]}}}""", 400)]
    [InlineData("""{"state":{"desired":{"a":[{"b":null}]}}}""", 400)]
    [InlineData("""{"state":{"desired":{"1":{"2":{"3":{"4":{"5":{"6":{"7":1}}}}}}}}}""", 400)]
    [InlineData("""{"state":{},"version":"1"}""", 400)]
    [InlineData("""{"state":{},"version":-1}""", 400)]
    [InlineData("""{"state":{},"version":1.5}""", 400)]
    [InlineData("""{"state":{},"version":2}""", 409)]
    public async Task What_the_service_does_not_take_is_rejected_and_changes_nothing(string update, int code)
    {
        Emulator.Shadows.Update("t", """{"state":{"reported":{"a":1}}}""");
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        await device.SendAsync("update", update);

        JsonNode rejected = await device.ExpectAsync("update/rejected");
        ((int)rejected["code"]!, (long)rejected["timestamp"]!).ShouldBe((code, Now));
        ((string?)rejected["message"]).ShouldNotBeNullOrEmpty();
        Emulator.Shadows.Version("t").ShouldBe(1);
        await device.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task A_client_token_has_at_most_64_bytes(int bytes, bool isGood)
    {
        string token = new('c', bytes);
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        await device.SendAsync("update", $$"""{"state":{},"clientToken":"{{token}}"}""");

        JsonNode answer = await device.ExpectAsync(isGood ? "update/accepted" : "update/rejected");
        ((string?)answer["clientToken"]).ShouldBe(isGood ? token : null);
    }

    [Fact]
    public async Task A_rejected_version_comes_with_the_client_token()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        await device.SendAsync("update", """{"state":{"reported":{"a":1}},"version":5,"clientToken":"c"}""");

        Same(await device.ExpectAsync("update/rejected"), """{"code":409,"message":"Version conflict","timestamp":NOW,"clientToken":"c"}""");
    }

    [Theory]
    [InlineData(8_192, true)]
    [InlineData(8_193, false)]
    public async Task Desired_and_reported_together_have_at_most_8_KB(int bytes, bool isGood)
    {
        // {"a":""} and {"b":""}, 8 bytes each.
        string desired = new('d', 4_000);
        string reported = new('r', bytes - 4_000 - 16);
        Emulator.Shadows.Update("t", $$$$"""{"state":{"desired":{"a":"{{{{desired}}}}"}}}""");
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");

        await device.SendAsync("update", $$$$"""{"state":{"reported":{"b":"{{{{reported}}}}"}}}""");

        JsonNode answer = await device.ExpectAsync(isGood ? "update/accepted" : "update/rejected");
        ((int?)answer["code"]).ShouldBe(isGood ? null : 413);
    }

    [Fact]
    public async Task An_accepted_answer_can_be_lost_come_twice_and_be_refused()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");
        Emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", When = r => r.ThingName == "t", Times = 1, NoAnswer = true });
        Emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", Times = 1, Twice = true });
        Emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", Times = 1, Status = 500, Message = "Internal service failure" });
        Emulator.Faults.Add(new Fault { Operation = "GetThingShadow", Times = 1, Lose = true });

        await device.SendAsync("update", """{"state":{"reported":{"a":1}}}""");
        await device.ExpectAsync("update/documents");
        await device.SendAsync("update", """{"state":{"reported":{"a":2}}}""");
        await device.ExpectAsync("update/accepted");
        await device.ExpectAsync("update/accepted");
        await device.ExpectAsync("update/documents");
        await device.SendAsync("update", """{"state":{"reported":{"a":3}},"clientToken":"c"}""");
        Same(await device.ExpectAsync("update/rejected"), """{"code":500,"message":"Internal service failure","timestamp":NOW,"clientToken":"c"}""");
        await device.SendAsync("get", "");
        await device.ExpectNothingAsync();

        Emulator.Shadows.Requests.Select(r => (r.Operation, r.Status, r.Version))
            .ShouldBe([("UpdateThingShadow", 200, 1), ("UpdateThingShadow", 200, 2), ("UpdateThingShadow", 500, 0), ("GetThingShadow", 0, 0)]);
    }

    [Fact]
    public async Task A_request_that_is_held_back_is_overtaken_and_finds_the_world_as_it_is_then()
    {
        using ShadowClient device = await ShadowClient.ConnectAsync(Emulator, "t");
        Emulator.Faults.Add(new Fault { Operation = "UpdateThingShadow", Times = 1, Delay = TimeSpan.FromSeconds(5) });

        await device.SendAsync("update", """{"state":{"reported":{"a":"late"}},"version":0}""");
        await device.SendAsync("update", """{"state":{"reported":{"a":"early"}}}""");
        await device.ExpectAsync("update/accepted");
        await device.ExpectAsync("update/documents");
        Clock.Advance(TimeSpan.FromSeconds(5));

        ((int)(await device.ExpectAsync("update/rejected"))["code"]!).ShouldBe(409);
    }

    [Fact]
    public void The_clouds_own_mistakes_are_told_to_it()
    {
        Should.Throw<InvalidOperationException>(() => Emulator.Shadows.Delete("t")).Message.ShouldStartWith("404 ");
        Should.Throw<InvalidOperationException>(() => Emulator.Shadows.Update("t", "{")).Message.ShouldBe("400 Invalid JSON");
        Should.Throw<InvalidOperationException>(() => Emulator.Shadows.Update("a/b", """{"state":{}}""")).Message.ShouldStartWith("400 ");
    }

    private static void Same(JsonNode actual, string expected)
    {
        JsonNode wanted = JsonNode.Parse(expected.Replace("NOW", Now.ToString(), StringComparison.Ordinal))!;
        JsonNode.DeepEquals(actual, wanted).ShouldBeTrue($"{actual.ToJsonString()}\nis not\n{wanted.ToJsonString()}");
    }
}
