using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class ThingGroupTests : ControlPlaneTestBase
{
    [Fact]
    public async Task A_group_says_what_it_is_and_what_is_above_it()
    {
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "north", Parent = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "n1", Parent = "north", Description = "d" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "n1", Parent = "north", Description = "Site 1", Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["site"] = "1" } });
        double now = Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;

        DataPlaneReply reply = await CallAsync("GET", "thing-groups/n1");

        reply.Status.ShouldBe(200, reply.Message);
        ((string?)reply.Body["thingGroupName"], (string?)reply.Body["thingGroupArn"], (int)reply.Body["version"]!)
            .ShouldBe(("n1", "arn:aws:iot:us-east-1:123456789012:thinggroup/n1", 2));
        reply.Body["thingGroupProperties"]!.ToJsonString().ShouldBe("""{"thingGroupDescription":"Site 1","attributePayload":{"attributes":{"site":"1"}}}""");
        ((string?)reply.Body["thingGroupMetadata"]!["parentGroupName"], (double)reply.Body["thingGroupMetadata"]!["creationDate"]!).ShouldBe(("north", now));
        reply.Body["thingGroupMetadata"]!["rootToParentThingGroups"]!.AsArray().Select(above => (string?)above!["groupName"]).ShouldBe(["all", "north"]);
        reply.Body.AsObject().ContainsKey("queryString").ShouldBeFalse();
    }

    [Fact]
    public async Task A_dynamic_group_has_the_things_that_its_query_finds()
    {
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "pumps", Query = "name:p" });
        Emulator.Fleet.SetThing("""{"thingName":"p1"}""");
        Emulator.Fleet.SetThing("""{"thingName":"v1"}""");
        Emulator.Fleet.SetThing("""{"thingName":"p2"}""");

        DataPlaneReply group = await CallAsync("GET", "thing-groups/pumps");

        ((string?)group.Body["queryString"], (string?)group.Body["indexName"], (string?)group.Body["status"]).ShouldBe(("name:p", "AWS_Things", "ACTIVE"));
        Names(await CallAsync("GET", "thing-groups/pumps/things"), "things").ShouldBe(["p1", "p2"]);
    }

    [Fact]
    public async Task Things_of_groups_below_count_when_asked_for_and_come_in_pages()
    {
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "north", Parent = "all" });
        Emulator.Fleet.SetThing("""{"thingName":"a","thingGroupNames":["all"]}""");
        Emulator.Fleet.SetThing("""{"thingName":"b","thingGroupNames":["north"]}""");
        Emulator.Fleet.SetThing("""{"thingName":"c","thingGroupNames":["all","north"]}""");

        DataPlaneReply first = await CallAsync("GET", "thing-groups/all/things?recursive=true&maxResults=2");
        DataPlaneReply second = await CallAsync("GET", $"thing-groups/all/things?recursive=true&maxResults=2&nextToken={Uri.EscapeDataString((string)first.Body["nextToken"]!)}");

        Names(await CallAsync("GET", "thing-groups/all/things"), "things").ShouldBe(["a", "c"]);
        Names(first, "things").ShouldBe(["a", "b"]);
        Names(second, "things").ShouldBe(["c"]);
    }

    [Theory]
    [InlineData("", "all,low,n1,north,south")]
    [InlineData("?recursive=false", "all,low")]
    [InlineData("?parentGroup=all", "n1,north,south")]
    [InlineData("?parentGroup=all&recursive=false", "north,south")]
    [InlineData("?namePrefixFilter=n", "n1,north")]
    public async Task Groups_are_listed_by_parent_and_prefix(string query, string names)
    {
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "south", Parent = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "north", Parent = "all" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "n1", Parent = "north" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "low", Query = "*" });

        Names(await CallAsync("GET", "thing-groups" + query), "thingGroups", "groupName").ShouldBe(names.Split(','));
    }

    [Theory]
    [InlineData("thing-groups/none", 404, "ResourceNotFoundException")]
    [InlineData("thing-groups/none/things", 404, "ResourceNotFoundException")]
    [InlineData("thing-groups?parentGroup=none", 404, "ResourceNotFoundException")]
    [InlineData("thing-groups/a%20b", 400, "InvalidRequestException")]
    [InlineData("thing-groups?maxResults=251", 400, "InvalidRequestException")]
    [InlineData("thing-groups?nextToken=x", 400, "InvalidRequestException")]
    [InlineData("thing-groups?recursive=maybe", 400, "InvalidRequestException")]
    [InlineData("thing-groups?sort=up", 501, "NotImplementedException")]
    public async Task What_the_service_refuses_is_refused(string path, int status, string code)
    {
        DataPlaneReply reply = await CallAsync("GET", path);

        (reply.Status, reply.Error).ShouldBe((status, code));
    }

    [Fact]
    public void What_is_no_group_is_not_taken()
    {
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "a" });
        Emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "b", Parent = "a" });

        Refused(new EmulatedThingGroup { Name = "a b" }).ShouldStartWith("'a b' is no name of a group");
        Refused(new EmulatedThingGroup { Name = "c", Parent = "none" }).ShouldStartWith("There is no group 'none'");
        Refused(new EmulatedThingGroup { Name = "c", Parent = "a", Query = "*" }).ShouldStartWith("A dynamic group has no parent");
        Refused(new EmulatedThingGroup { Name = "a", Parent = "b" }).ShouldStartWith("'a' would be above itself");

        string Refused(EmulatedThingGroup group) => Should.Throw<ArgumentException>(() => Emulator.Fleet.SetThingGroup(group)).Message;
    }
}
